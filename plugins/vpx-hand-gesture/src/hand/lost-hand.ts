import { NS_PER_SEC, type Detection, type RotatedRoi } from 'vpx-sdk';
import type { FollowedHand } from './followed-hand.ts';
import { distanceToPalm, regionOfLandmarks, regionOfPalm } from './hand-region.ts';

/** For how long a lost hand is looked for around its last place; later it is found as a new one is. */
export const SEEK_NS = 0.2 * NS_PER_SEC;
/** How far a lost hand may be found from its last place, in sizes of the palm, in the first frame, */
const SEEK_REACH = 3;
/** and how much further in each after it. */
const SEEK_SPEED = 1;
/** The region around where a hand may be that has slowed down: this many times as large. */
const WIDER = 1.2;

/** A hand that was followed until a moment ago. */
export interface LostHand {
  readonly hand: FollowedHand;
  /** When the landmark model was last sure enough of it. */
  readonly seenNs: number;
  /** Frames without it. */
  frameCount: number;
}

/** How far a hand may be found from its last place, in sizes of the palm. */
export const reachOf = ({ frameCount }: LostHand): number =>
  SEEK_REACH + SEEK_SPEED * (frameCount - 1);

/** A place where a lost hand may be. */
export interface Candidate {
  readonly roi: RotatedRoi;
  /** Of the palm that is there by the detector, 0..1; 0 for a place that only its motion speaks for. */
  readonly palmScore: number;
}

/**
 * Where a lost hand may be, likeliest first: at each palm within reach, also at those of which the
 * detector is far from sure, and in the first frame without it, as far on as it moved last and in a
 * wider region half as far on. Later it has stopped or turned.
 */
export function placesToSeek(lost: LostHand, palms: readonly Detection[]): readonly Candidate[] {
  const { hand, frameCount } = lost;
  const { points } = hand.reading.landmarks;
  const roi = regionOfLandmarks(points);
  const moved = (share: number, scale: number): Candidate => ({
    roi: {
      cx: roi.cx + share * hand.motion.x,
      cy: roi.cy + share * hand.motion.y,
      width: roi.width * scale,
      height: roi.height * scale,
      rotationRad: roi.rotationRad,
    },
    palmScore: 0,
  });
  const near = palms.filter((palm) => distanceToPalm(points, palm) < reachOf(lost));
  const byPalm = near
    .map((palm): Candidate => ({ roi: regionOfPalm(palm), palmScore: palm.score }))
    .sort((a, b) => b.palmScore - a.palmScore);
  return frameCount > 1 ? byPalm : [...byPalm, moved(1, 1), moved(0.5, WIDER)];
}
