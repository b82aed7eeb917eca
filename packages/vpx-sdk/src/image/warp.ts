import type { RgbImage } from 'visualbase';
import { sampleAsOpenCv } from './opencv-sampling.ts';
import type { Point } from './point.ts';
import { reduceRegion } from './reduced-view.ts';
import type { RotatedRoi } from './rotated-roi.ts';
import { pictureTensor, type ValueRange } from './value-range.ts';

/**
 * `exact`: pixel centres at halves, no rounding; what is shrunk by more than 2 is averaged first.
 * `opencv`: bit for bit what MediaPipe's CPU graphs feed their models, up to a shrinking by 4; beyond
 * that, where MediaPipe would skip pixels, averaged first too.
 */
export type Sampling = 'exact' | 'opencv';

/** Options of {@link warpTensor}. */
export interface WarpOptions {
  /** Width and height of the tensor, px. */
  readonly size: number;
  /** The values that 0 and 255 become. */
  readonly range: ValueRange;
  /**
   * What lies beyond the borders of the picture: its edge pixels, as MediaPipe's landmark models
   * have it, or black. Default `'edge'`.
   */
  readonly outside?: 'edge' | 'black';
  /** How values between pixels are made. Default `'exact'`. */
  readonly sampling?: Sampling;
  /** Memory to write into, `size * size * 3` numbers. Default: new memory. */
  readonly into?: Float32Array<ArrayBuffer>;
}

// Bilinear sampling looks at 2 x 2 pixels: steps beyond 2 px would skip some, and alias. MediaPipe does
// not mind; its models still find as many hands at 3.3 px as with averaging (640 px videos).
const MAX_STEP_PX: Readonly<Record<Sampling, number>> = { exact: 2, opencv: 4 };

/**
 * Cuts a turned rectangle out of a picture, scaled to a square, with bilinear sampling; what is
 * shrunk much is averaged first, so that it does not alias.
 *
 * @returns float32 [1, size, size, 3], RGB, row-major.
 * @throws RangeError if the region is empty or not finite, `size` is below 1 or `into` has the wrong
 * length.
 */
export function warpTensor(
  image: RgbImage,
  roi: RotatedRoi,
  options: WarpOptions,
): Float32Array<ArrayBuffer> {
  checkRoi(roi);
  const { size, range, outside = 'edge', sampling = 'exact' } = options;
  const sampled = sampling === 'exact' ? sample : sampleAsOpenCv;
  const out = pictureTensor(size, options.into);
  const stepPx = Math.max(roi.width, roi.height) / size;
  if (stepPx <= MAX_STEP_PX[sampling]) {
    sampled(image, roi, out, size, range, outside);
    return out;
  }
  const factor = Math.floor(stepPx);
  const reduced = reduceRegion(image, boundsOf(roi, factor), factor);
  if (reduced === undefined) {
    // Wholly outside: every sample is at the border or black, and there is nothing to alias with.
    sampled(image, roi, out, size, range, outside);
    return out;
  }
  const scaled: RotatedRoi = {
    cx: (roi.cx - reduced.left) / factor,
    cy: (roi.cy - reduced.top) / factor,
    width: roi.width / factor,
    height: roi.height / factor,
    rotationRad: roi.rotationRad,
  };
  sampled(reduced.image, scaled, out, size, range, outside);
  return out;
}

/**
 * Where a point of the square that {@link warpTensor} makes lies in the picture.
 *
 * @param size - Width and height of the square, px.
 * @param x - px of the square, 0..size; landmark models give these.
 */
export function roiToPixels(roi: RotatedRoi, size: number, x: number, y: number): Point {
  const u = (x / size - 0.5) * roi.width;
  const v = (y / size - 0.5) * roi.height;
  const cos = Math.cos(roi.rotationRad);
  const sin = Math.sin(roi.rotationRad);
  return { x: roi.cx + u * cos - v * sin, y: roi.cy + u * sin + v * cos };
}

function checkRoi(roi: RotatedRoi): void {
  const { cx, cy, width, height, rotationRad } = roi;
  const isSound = [cx, cy, width, height, rotationRad].every(Number.isFinite);
  if (isSound && width > 0 && height > 0) return;
  throw new RangeError(
    `A region needs finite values and a size above 0, got ${width}x${height} at (${cx}, ${cy}) turned by ${rotationRad}.`,
  );
}

/** The upright box around a turned rectangle, with a margin for sampling beyond its edge. */
function boundsOf(roi: RotatedRoi, marginPx: number) {
  const cos = Math.abs(Math.cos(roi.rotationRad));
  const sin = Math.abs(Math.sin(roi.rotationRad));
  const halfWidth = (roi.width * cos + roi.height * sin) / 2 + marginPx;
  const halfHeight = (roi.width * sin + roi.height * cos) / 2 + marginPx;
  return {
    x1: roi.cx - halfWidth,
    y1: roi.cy - halfHeight,
    x2: roi.cx + halfWidth,
    y2: roi.cy + halfHeight,
  };
}

function sample(
  image: RgbImage,
  roi: RotatedRoi,
  out: Float32Array,
  size: number,
  [low, high]: ValueRange,
  outside: 'edge' | 'black',
): void {
  const gain = (high - low) / 255;
  const start = roiToPixels(roi, size, 0.5, 0.5);
  const stepX = roi.width / size;
  const stepY = roi.height / size;
  const cos = Math.cos(roi.rotationRad);
  const sin = Math.sin(roi.rotationRad);
  const dx = cos * stepX;
  const dy = sin * stepX;
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  for (let row = 0; row < size; row++) {
    // Pixel centres lie at halves; the samples between four centres are counted from the first.
    const x = start.x - sin * stepY * row - 0.5;
    const y = start.y + cos * stepY * row - 0.5;
    let from = Math.max(firstInside(x, dx, lastX, size), firstInside(y, dy, lastY, size));
    let to = Math.min(endInside(x, dx, lastX, size), endInside(y, dy, lastY, size));
    if (from >= to) from = to = size;
    const o = row * size * 3;
    sampleAtBorder(image, x, y, dx, dy, 0, from, out, o, low, gain, outside);
    sampleInside(image, x, y, dx, dy, from, to, out, o, low, gain);
    sampleAtBorder(image, x, y, dx, dy, to, size, out, o, low, gain, outside);
  }
}

// The columns whose samples have all four neighbours inside along one axis: 0 <= at + d * k < last.
// A hair is kept clear of both ends, so that rounding cannot step over them.
const HAIR = 1e-6;

function firstInside(at: number, d: number, last: number, size: number): number {
  const first =
    d > 0 ? (HAIR - at) / d : d < 0 ? (last - HAIR - at) / d : isWithin(at, last) ? 0 : size;
  return Math.min(size, Math.max(0, Math.ceil(first)));
}

function endInside(at: number, d: number, last: number, size: number): number {
  const end =
    d > 0 ? (last - HAIR - at) / d : d < 0 ? (HAIR - at) / d : isWithin(at, last) ? size : 0;
  return Math.min(size, Math.max(0, d === 0 ? end : Math.floor(end) + 1));
}

const isWithin = (at: number, last: number): boolean => at >= HAIR && at <= last - HAIR;

function sampleInside(
  image: RgbImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  from: number,
  to: number,
  out: Float32Array,
  rowStart: number,
  low: number,
  gain: number,
): void {
  const { data, strideBytes } = image;
  let o = rowStart + from * 3;
  for (let column = from; column < to; column++) {
    const px = x + dx * column;
    const py = y + dy * column;
    const x0 = px | 0;
    const y0 = py | 0;
    const fx = px - x0;
    const fy = py - y0;
    const i = y0 * strideBytes + x0 * 3;
    const j = i + strideBytes;
    const bottomRight = fx * fy * gain;
    const bottomLeft = fy * gain - bottomRight;
    const topRight = fx * gain - bottomRight;
    const topLeft = gain - topRight - fy * gain;
    out[o] =
      low +
      topLeft * data[i]! +
      topRight * data[i + 3]! +
      bottomLeft * data[j]! +
      bottomRight * data[j + 3]!;
    out[o + 1] =
      low +
      topLeft * data[i + 1]! +
      topRight * data[i + 4]! +
      bottomLeft * data[j + 1]! +
      bottomRight * data[j + 4]!;
    out[o + 2] =
      low +
      topLeft * data[i + 2]! +
      topRight * data[i + 5]! +
      bottomLeft * data[j + 2]! +
      bottomRight * data[j + 5]!;
    o += 3;
  }
}

function sampleAtBorder(
  image: RgbImage,
  x: number,
  y: number,
  dx: number,
  dy: number,
  from: number,
  to: number,
  out: Float32Array,
  rowStart: number,
  low: number,
  gain: number,
  outside: 'edge' | 'black',
): void {
  const { data, strideBytes, width, height } = image;
  for (let column = from; column < to; column++) {
    const px = x + dx * column;
    const py = y + dy * column;
    const x0 = Math.floor(px);
    const y0 = Math.floor(py);
    const fx = px - x0;
    const fy = py - y0;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let corner = 0; corner < 4; corner++) {
      const cornerX = x0 + (corner & 1);
      const cornerY = y0 + (corner >> 1);
      const insideX = Math.min(Math.max(cornerX, 0), width - 1);
      const insideY = Math.min(Math.max(cornerY, 0), height - 1);
      if (outside === 'black' && (insideX !== cornerX || insideY !== cornerY)) continue;
      const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy);
      const i = insideY * strideBytes + insideX * 3;
      red += weight * data[i]!;
      green += weight * data[i + 1]!;
      blue += weight * data[i + 2]!;
    }
    const o = rowStart + column * 3;
    out[o] = low + gain * red;
    out[o + 1] = low + gain * green;
    out[o + 2] = low + gain * blue;
  }
}
