import type { BodyKeypoints, HandSide } from 'vpx-sdk';
import { handSide } from './hand-side.ts';
import { seen, trunkOf } from './trunk.ts';

/** How far above the shoulder a wrist must be, in lengths of the trunk: about level with the chin. */
const RAISED_BY = 0.25;

/** Which hands are up: wrist seen, clearly above its shoulder and above its elbow. */
export function handsRaised(body: BodyKeypoints): HandSide {
  const trunk = trunkOf(body);
  if (trunk === undefined) return 'none';
  const isRaised = (side: 'left' | 'right'): boolean => {
    const wrist = seen(body, `${side}-wrist`);
    if (wrist === undefined) return false;
    const shoulder = body.points[`${side}-shoulder`];
    const elbow = body.points[`${side}-elbow`];
    return wrist.y < elbow.y && wrist.y < shoulder.y - RAISED_BY * trunk.lengthPx;
  };
  return handSide(isRaised('left'), isRaised('right'));
}
