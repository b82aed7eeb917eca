import type { NormBox, PixelBox, RgbImage } from 'visualbase';
import type { Point } from './point.ts';
import { scaleAsOpenCv } from './opencv-sampling.ts';
import { resizedView } from './reduced-view.ts';
import { byteValues, pictureTensor, type ValueRange } from './value-range.ts';

/** Options of {@link letterboxTensor}. */
export interface LetterboxOptions {
  /** Width and height of the tensor, px. */
  readonly size: number;
  /** The values that 0 and 255 become. */
  readonly range: ValueRange;
  /**
   * How a picture is scaled. `mean`: each pixel is the mean of those it stands for, which keeps what
   * is small. `bilinear`: from four pixels around one point, aligned at the corners of the picture
   * and with its exact aspect, as MediaPipe feeds its detectors on the processor
   * (`ImageToTensorCalculator`): they were made for it, and find the same as there. Default `mean`.
   */
  readonly sampling?: 'mean' | 'bilinear';
  /** Memory to write into, `size * size * 3` numbers. Default: new memory. */
  readonly into?: Float32Array<ArrayBuffer>;
}

/** How a source picture lies in a letterboxed square. All values in pixels of the square. */
export interface LetterboxMapping {
  readonly sizePx: number;
  /** Where the picture starts. */
  readonly leftPx: number;
  readonly topPx: number;
  /** Pixels of the square for one pixel of the source, along x and y. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** A letterboxed picture. */
export interface LetterboxTensor {
  /** float32 [1, size, size, 3], RGB, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly mapping: LetterboxMapping;
}

/**
 * Where a picture of `width` x `height` pixels lies in a square of `size`: as large as fits, aspect
 * kept to within half a pixel, centred.
 */
export function letterboxMapping(width: number, height: number, size: number): LetterboxMapping {
  const { innerWidth, innerHeight } = innerSize(width, height, size);
  return {
    sizePx: size,
    leftPx: (size - innerWidth) >> 1,
    topPx: (size - innerHeight) >> 1,
    scaleX: innerWidth / width,
    scaleY: innerHeight / height,
  };
}

/** As {@link letterboxMapping}, without rounding to whole pixels. */
function exactMapping(width: number, height: number, size: number): LetterboxMapping {
  const scale = size / Math.max(width, height);
  return {
    sizePx: size,
    leftPx: (size - width * scale) / 2,
    topPx: (size - height * scale) / 2,
    scaleX: scale,
    scaleY: scale,
  };
}

/**
 * A picture as the square input of a network: aspect kept, centred, the rest black.
 *
 * @throws RangeError if `size` is below 1 or `into` has the wrong length.
 */
export function letterboxTensor(image: RgbImage, options: LetterboxOptions): LetterboxTensor {
  const { size } = options;
  const out = pictureTensor(size, options.into);
  if (options.sampling === 'bilinear') {
    scaleAsOpenCv(image, out, size, options.range);
    return { data: out, mapping: exactMapping(image.width, image.height, size) };
  }
  const { innerWidth, innerHeight } = innerSize(image.width, image.height, size);
  const mapping = letterboxMapping(image.width, image.height, size);
  const { data, strideBytes } = resizedView(image, innerWidth, innerHeight);
  const values = byteValues(options.range);
  const black = values[0]!;
  if (innerWidth < size || innerHeight < size) out.fill(black);
  for (let y = 0; y < innerHeight; y++) {
    let o = ((mapping.topPx + y) * size + mapping.leftPx) * 3;
    let i = y * strideBytes;
    for (const end = i + innerWidth * 3; i < end; i++) out[o++] = values[data[i]!]!;
  }
  return { data: out, mapping };
}

/** From pixels of the source to the letterboxed square, 0..1. */
export function letterboxPoint(mapping: LetterboxMapping, { x, y }: Point): Point {
  const { sizePx, leftPx, topPx, scaleX, scaleY } = mapping;
  return { x: (x * scaleX + leftPx) / sizePx, y: (y * scaleY + topPx) / sizePx };
}

/** From the letterboxed square, 0..1, to pixels of the source; may lie outside the picture. */
export function unletterboxPoint(mapping: LetterboxMapping, { x, y }: Point): Point {
  const { sizePx, leftPx, topPx, scaleX, scaleY } = mapping;
  return { x: (x * sizePx - leftPx) / scaleX, y: (y * sizePx - topPx) / scaleY };
}

/** As {@link letterboxPoint}, for a box. */
export function letterboxBox(mapping: LetterboxMapping, box: PixelBox): NormBox {
  const from = letterboxPoint(mapping, { x: box.x1, y: box.y1 });
  const to = letterboxPoint(mapping, { x: box.x2, y: box.y2 });
  return { space: 'norm', x1: from.x, y1: from.y, x2: to.x, y2: to.y };
}

/** As {@link unletterboxPoint}, for a box; not cut at the borders of the picture. */
export function unletterboxBox(mapping: LetterboxMapping, box: NormBox): PixelBox {
  const from = unletterboxPoint(mapping, { x: box.x1, y: box.y1 });
  const to = unletterboxPoint(mapping, { x: box.x2, y: box.y2 });
  return { space: 'px', x1: from.x, y1: from.y, x2: to.x, y2: to.y };
}

function innerSize(width: number, height: number, size: number) {
  const scale = size / Math.max(width, height);
  return {
    innerWidth: Math.max(1, Math.round(width * scale)),
    innerHeight: Math.max(1, Math.round(height * scale)),
  };
}
