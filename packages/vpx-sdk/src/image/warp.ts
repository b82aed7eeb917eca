import type { RgbImage } from 'visualbase';
import { sampleAsOpenCv } from './opencv-sampling.ts';
import type { Point } from './point.ts';
import { reduceRegion } from './reduced-view.ts';
import type { RotatedRoi } from './rotated-roi.ts';
import { pictureTensor, type ValueRange } from './value-range.ts';

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
  /**
   * Pixels from sample to sample beyond which the picture is averaged first, since bilinear sampling
   * looks at 2 x 2 and would skip some, and alias. From 1, default 2. MediaPipe never averages (`Infinity`), and
   * its models find as many hands at 3.3 as with averaging (640 px videos).
   */
  readonly maxStepPx?: number;
  /**
   * Where samples lie. `centre`: in the middle of each pixel of the square. `corner`: at its upper left
   * corner, and the middle of a pixel of the picture at its upper left corner too, as MediaPipe's CPU
   * graphs have it, bit for bit; landmark models react to these fractions of a pixel with one or two
   * percent of the size of a hand. Default `centre`.
   */
  readonly align?: 'centre' | 'corner';
  /** Memory to write into, `size * size * 3` numbers. Default: new memory. */
  readonly into?: Float32Array<ArrayBuffer>;
}

const DEFAULT_MAX_STEP_PX = 2;

/**
 * Cuts a turned rectangle out of a picture, scaled to a square, with bilinear sampling; what is shrunk
 * much is averaged first, so that it does not alias.
 *
 * @returns float32 [1, size, size, 3], RGB, row-major.
 * @throws RangeError if the region is empty or not finite, `size` is below 1, `maxStepPx` is out of its
 * range or `into` has the wrong length.
 */
export function warpTensor(
  image: RgbImage,
  region: RotatedRoi,
  options: WarpOptions,
): Float32Array<ArrayBuffer> {
  checkRoi(region);
  const { align = 'centre' } = options;
  const roi = align === 'corner' ? region : withCentres(region, options.size);
  const { size, range, outside = 'edge', maxStepPx = DEFAULT_MAX_STEP_PX } = options;
  if (!(maxStepPx >= 1)) {
    throw new RangeError(
      `The \`maxStepPx\` option must be a number of pixels from 1, got ${maxStepPx}.`,
    );
  }
  const out = pictureTensor(size, options.into);
  const stepPx = Math.max(roi.width, roi.height) / size;
  const factor = Math.floor(stepPx);
  const reduced =
    stepPx <= maxStepPx ? undefined : reduceRegion(image, boundsOf(roi, factor), factor);
  if (reduced === undefined) {
    sampleAsOpenCv(image, roi, out, size, range, outside);
    return out;
  }
  // A mean lies in the middle of its pixels.
  const middlePx = (factor - 1) / 2;
  const scaled: RotatedRoi = {
    cx: (roi.cx - reduced.left - middlePx) / factor,
    cy: (roi.cy - reduced.top - middlePx) / factor,
    width: roi.width / factor,
    height: roi.height / factor,
    rotationRad: roi.rotationRad,
  };
  sampleAsOpenCv(reduced.image, scaled, out, size, range, outside);
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

/** The region whose corners are where another has the centres of its pixels. */
function withCentres(roi: RotatedRoi, size: number): RotatedRoi {
  const { x, y } = roiToPixels(roi, size, size / 2 + 0.5, size / 2 + 0.5);
  return { ...roi, cx: x - 0.5, cy: y - 0.5 };
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
