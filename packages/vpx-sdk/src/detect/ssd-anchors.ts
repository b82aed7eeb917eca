/** The grid of an SSD detector, as its model card or graph gives it. */
export interface SsdSpec {
  /** Width and height of the input, px. */
  readonly sizePx: number;
  /** Pixels between cells, one entry per layer. Neighbouring layers of one stride share a grid. */
  readonly strides: readonly number[];
  /** Anchors per cell and layer: 2 where MediaPipe interpolates a scale in between, else 1. */
  readonly anchorsPerLayer: 1 | 2;
  /** Points that come with each box. */
  readonly keypointCount: number;
}

/** Centres of all anchors, x and y by turns, 0..1 of the input. */
export type SsdAnchors = Float32Array;

/**
 * Lays out the anchors: at the centres of the cells, row by row, all of one cell together. Their
 * size is the whole input, so boxes are offsets from the centre alone.
 *
 * @throws RangeError if the size or a stride is below 1.
 * @see BlazeFace, arXiv:1907.05047, and MediaPipe's SsdAnchorsCalculator with `fixed_anchor_size`.
 */
export function ssdAnchors(spec: Omit<SsdSpec, 'keypointCount'>): SsdAnchors {
  const { sizePx, strides, anchorsPerLayer } = spec;
  if (!(sizePx >= 1) || !strides.every((stride) => stride >= 1)) {
    throw new RangeError(
      `Anchors need a size and strides of at least 1 px, got ${sizePx} and [${strides.join(', ')}].`,
    );
  }
  const centres: number[] = [];
  for (let layer = 0; layer < strides.length;) {
    const stride = strides[layer]!;
    let perCell = 0;
    for (; strides[layer] === stride; layer++) perCell += anchorsPerLayer;
    const cells = Math.ceil(sizePx / stride);
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        for (let i = 0; i < perCell; i++) centres.push((x + 0.5) / cells, (y + 0.5) / cells);
      }
    }
  }
  return Float32Array.from(centres);
}
