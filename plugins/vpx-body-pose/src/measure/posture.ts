import type { BodyKeypoints, PoseLandmarks } from 'vpx-sdk';
import { MIN_VISIBILITY, trunkOf } from './trunk.ts';

const DEG = 180 / Math.PI;

// Landmarks of MediaPipe's 33; the person's own left and right.
const LEFT_SHOULDER = 11;
const RIGHT_SHOULDER = 12;

/**
 * Lean of the trunk from upright in the picture, degrees, positive towards its right side;
 * `undefined` unless shoulders and hips can be seen.
 */
export function leanDeg(body: BodyKeypoints): number | undefined {
  const trunk = trunkOf(body);
  if (trunk?.hips === undefined) return undefined;
  const { shoulders, hips } = trunk;
  return Math.atan2(shoulders.x - hips.x, hips.y - shoulders.y) * DEG;
}

/**
 * How far the trunk is turned from facing the camera, degrees, positive towards the right side of
 * the picture, 180 for a back; `undefined` unless both shoulders can be seen. From the depth that
 * the model guesses, so a rough estimate.
 */
export function torsoYawDeg({ worldM, visibility }: PoseLandmarks): number | undefined {
  if (visibility[LEFT_SHOULDER]! < MIN_VISIBILITY) return undefined;
  if (visibility[RIGHT_SHOULDER]! < MIN_VISIBILITY) return undefined;
  const across = worldM[LEFT_SHOULDER * 3]! - worldM[RIGHT_SHOULDER * 3]!;
  const away = worldM[LEFT_SHOULDER * 3 + 2]! - worldM[RIGHT_SHOULDER * 3 + 2]!;
  return Math.atan2(away, across) * DEG;
}
