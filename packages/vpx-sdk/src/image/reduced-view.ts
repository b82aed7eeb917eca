import { Frame, type RgbImage } from 'visualbase';

/**
 * A picture scaled to exactly `width` x `height` pixels. A frame keeps the result for whoever asks
 * next; other pictures are scaled each time.
 */
export function resizedView(image: RgbImage, width: number, height: number): RgbImage {
  if (image instanceof Frame) return image.resized(width, height);
  const { data, strideBytes } = image;
  return Frame.fromRgb({
    frameId: 0,
    tSrcNs: 0,
    width: image.width,
    height: image.height,
    data,
    strideBytes,
  }).resized(width, height);
}

/** A part of a picture in which each pixel is the mean of `factor` x `factor` pixels. */
export interface ReducedRegion {
  readonly image: RgbImage;
  /** Where the top left corner of the region lies in the picture, px. */
  readonly left: number;
  readonly top: number;
}

/**
 * Averages blocks of `factor` x `factor` pixels within a region, which is cut at the borders of the
 * picture; blocks that the border cuts are the mean of what is there.
 *
 * @param region - Corners in px, rounded outwards.
 * @returns `undefined` if nothing of the region lies inside the picture.
 */
export function reduceRegion(
  source: RgbImage,
  region: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number },
  factor: number,
): ReducedRegion | undefined {
  const left = Math.max(0, Math.floor(region.x1));
  const top = Math.max(0, Math.floor(region.y1));
  const right = Math.min(source.width, Math.ceil(region.x2));
  const bottom = Math.min(source.height, Math.ceil(region.y2));
  if (!(right > left && bottom > top)) return undefined;
  const width = Math.ceil((right - left) / factor);
  const height = Math.ceil((bottom - top) / factor);
  const data = new Uint8Array(width * height * 3);
  const sums = new Uint32Array(width * 3);
  for (let y = 0; y < height; y++) {
    const firstRow = top + y * factor;
    const lastRow = Math.min(bottom, firstRow + factor);
    sums.fill(0);
    for (let row = firstRow; row < lastRow; row++) {
      addRow(sums, source, row * source.strideBytes + left * 3, right - left, factor);
    }
    divideRow(sums, data, y * width * 3, lastRow - firstRow, right - left, factor);
  }
  return { image: { format: 'rgb24', width, height, strideBytes: width * 3, data }, left, top };
}

function addRow(
  sums: Uint32Array,
  { data }: RgbImage,
  start: number,
  count: number,
  factor: number,
): void {
  let i = start;
  const end = start + count * 3;
  for (let o = 0; i < end; o += 3) {
    const stop = Math.min(end, i + factor * 3);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (; i < stop; i += 3) {
      red += data[i]!;
      green += data[i + 1]!;
      blue += data[i + 2]!;
    }
    sums[o]! += red;
    sums[o + 1]! += green;
    sums[o + 2]! += blue;
  }
}

function divideRow(
  sums: Uint32Array,
  out: Uint8Array,
  outStart: number,
  rows: number,
  count: number,
  factor: number,
): void {
  for (let o = 0, x = 0; o < sums.length; o += 3, x += factor) {
    const scale = 1 / (rows * Math.min(factor, count - x));
    // Adding a half and cutting off rounds to the nearest.
    out[outStart + o] = sums[o]! * scale + 0.5;
    out[outStart + o + 1] = sums[o + 1]! * scale + 0.5;
    out[outStart + o + 2] = sums[o + 2]! * scale + 0.5;
  }
}
