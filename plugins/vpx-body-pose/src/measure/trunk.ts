import type { BodyKeypoints, BodyPoint, CocoKeypoint, Point } from 'vpx-sdk';

/** A point below this visibility is guessed rather than seen. */
export const MIN_VISIBILITY = 0.5;

/** Length of the trunk over the distance of the shoulder joints, of an average adult. */
const TRUNK_PER_SHOULDERS = 1.4;

/** The trunk of a body, in pixels. */
export interface Trunk {
  readonly shoulders: Point;
  /** Only if they can be seen. */
  readonly hips?: Point;
  /** From the hips to the shoulders; by the width of the shoulders where that is more. */
  readonly lengthPx: number;
}

/** A keypoint, if it can be seen. */
export function seen({ points }: BodyKeypoints, name: CocoKeypoint): BodyPoint | undefined {
  const point = points[name];
  return point.visibility >= MIN_VISIBILITY ? point : undefined;
}

/** The trunk, if both shoulders can be seen. */
export function trunkOf(body: BodyKeypoints): Trunk | undefined {
  const shoulders = between(body, 'left-shoulder', 'right-shoulder');
  if (shoulders === undefined) return undefined;
  const byShoulders = shoulders.distancePx * TRUNK_PER_SHOULDERS;
  const hips = between(body, 'left-hip', 'right-hip');
  if (hips === undefined) {
    return byShoulders > 0 ? { shoulders: shoulders.middle, lengthPx: byShoulders } : undefined;
  }
  const [s, h] = [shoulders.middle, hips.middle];
  // A trunk that leans to the camera is short in the picture; its shoulders are not.
  const lengthPx = Math.max(Math.hypot(s.x - h.x, s.y - h.y), byShoulders);
  return lengthPx > 0 ? { shoulders: s, hips: h, lengthPx } : undefined;
}

function between(body: BodyKeypoints, left: CocoKeypoint, right: CocoKeypoint) {
  const [a, b] = [seen(body, left), seen(body, right)];
  if (a === undefined || b === undefined) return undefined;
  return {
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    distancePx: Math.hypot(a.x - b.x, a.y - b.y),
  };
}
