import { EYES, type Side } from './eye-landmarks.ts';

/**
 * Gap between the lids over the width of the eye, measured in space, so that a turned head changes
 * neither; about 0.3 when open.
 *
 * @param points - 468 x 3, as in `FaceMesh`.
 */
export function eyeOpening(points: Float32Array, side: Side): number {
  const { outer, inner, lids } = EYES[side];
  let gap = 0;
  for (const [lower, upper] of lids) gap += distance(points, lower, upper);
  return gap / lids.length / distance(points, outer, inner);
}

/** Distance of two landmarks in space, px. */
export const distance = (points: Float32Array, a: number, b: number): number =>
  Math.hypot(
    points[a * 3]! - points[b * 3]!,
    points[a * 3 + 1]! - points[b * 3 + 1]!,
    points[a * 3 + 2]! - points[b * 3 + 2]!,
  );
