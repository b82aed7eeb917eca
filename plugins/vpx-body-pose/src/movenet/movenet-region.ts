import type { BodyKeypoints, RotatedRoi } from 'vpx-sdk';
import { bodyBox } from '../measure/body-box.ts';
import { seen } from '../measure/trunk.ts';

/** The region is so much larger than the body. */
const MARGIN = 1.5;

/** The whole picture, in a square. */
export function wholePicture(widthPx: number, heightPx: number): RotatedRoi {
  const side = Math.max(widthPx, heightPx);
  return { cx: widthPx / 2, cy: heightPx / 2, width: side, height: side, rotationRad: 0 };
}

/**
 * Where to look for a body in the next frame: a square around what was seen of it, or the whole
 * picture, if that is smaller or no trunk was seen to go by.
 */
export function regionOfBody(body: BodyKeypoints, widthPx: number, heightPx: number): RotatedRoi {
  const whole = wholePicture(widthPx, heightPx);
  const hasTrunk =
    (seen(body, 'left-shoulder') ?? seen(body, 'right-shoulder')) !== undefined &&
    (seen(body, 'left-hip') ?? seen(body, 'right-hip')) !== undefined;
  if (!hasTrunk) return whole;
  const { x1, y1, x2, y2 } = bodyBox(body, widthPx, heightPx);
  const side = Math.max(x2 - x1, y2 - y1) * MARGIN;
  if (!(side >= 1) || side >= whole.width) return whole;
  return { cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, width: side, height: side, rotationRad: 0 };
}
