import type { BodyKeypoints } from 'vpx-sdk';
import { seen, trunkOf } from './trunk.ts';

// In lengths of the trunk.
const ABOVE_ELBOW = 0.15;
const BELOW_SHOULDER = 0.15;

/**
 * Where a hand is across the body, in lengths of the trunk; `undefined` unless it is seen where a
 * waving hand is: the forearm up, the wrist about as high as the shoulder or higher.
 */
export function wavingPlace(body: BodyKeypoints, side: 'left' | 'right'): number | undefined {
  const trunk = trunkOf(body);
  const wrist = seen(body, `${side}-wrist`);
  if (trunk === undefined || wrist === undefined) return undefined;
  const shoulder = body.points[`${side}-shoulder`];
  const elbow = body.points[`${side}-elbow`];
  const isUp =
    elbow.y - wrist.y >= ABOVE_ELBOW * trunk.lengthPx &&
    wrist.y - shoulder.y <= BELOW_SHOULDER * trunk.lengthPx;
  return isUp ? (wrist.x - trunk.shoulders.x) / trunk.lengthPx : undefined;
}
