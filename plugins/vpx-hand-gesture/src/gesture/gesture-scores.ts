import type { HandGesture } from 'vpx-sdk';
import type { FingerShape, HandShape } from './hand-shape.ts';

/** How well a hand fits each gesture, 0..1. */
export type GestureScores = Readonly<Record<HandGesture, number>>;

/** What a hand scores of which too little is seen. */
export const NO_GESTURE: GestureScores = {
  ...{ open_palm: 0, fist: 0, point: 0, v_sign: 0 },
  ...{ thumbs_up: 0, thumbs_down: 0, ok: 0, call: 0 },
};

/**
 * How well a hand fits each gesture: each asks several things of the fingers, every one of which is
 * met by 0 to 1, and the least counts.
 */
export function gestureScores(shape: HandShape): GestureScores {
  const { index, middle, ring, little } = shape;
  const thumbOut = Math.min(rise(shape.thumbLift, 0.05, 0.3), fall(shape.thumbBendDeg, 60, 110));
  const thumbIn = fall(shape.thumbLift, 0.1, 0.35);
  const thumbUp = fall(shape.thumbFromUpDeg, 35, 65);
  const thumbDown = fall(180 - shape.thumbFromUpDeg, 35, 65);
  const isSpread = rise(shape.spreadDeg, 4, 12);
  const isPinched = Math.min(fall(shape.pinchGap, 0.2, 0.45), rise(index.bendDeg, 35, 75));
  const bentAll = Math.min(bent(index), bent(middle), bent(ring), bent(little));
  const lastThree = Math.min(straight(middle), straight(ring), straight(little));
  return {
    open_palm: Math.min(straight(index), lastThree, thumbOut),
    fist: Math.min(bentAll, thumbIn),
    point: Math.min(straight(index), bent(middle), bent(ring), bent(little)),
    v_sign: Math.min(straight(index), straight(middle), bent(ring), bent(little), isSpread),
    thumbs_up: Math.min(bentAll, thumbOut, thumbUp),
    thumbs_down: Math.min(bentAll, thumbOut, thumbDown),
    ok: Math.min(isPinched, lastThree),
    call: Math.min(thumbOut, straight(little), bent(index), bent(middle), bent(ring)),
  };
}

// Limits in degrees, set on hands of which two people show the backs, the palms and the edges: fingers
// that are held straight bend by up to 70, those of fists by 95 to 180 and at the knuckle by 45 to 85;
// half-hidden fingers are guessed as bent, but not at the knuckle.
const straight = ({ bendDeg, knuckleDeg }: FingerShape): number =>
  Math.min(fall(bendDeg, 45, 105), fall(knuckleDeg, 40, 80));

const bent = ({ bendDeg, knuckleDeg }: FingerShape): number =>
  Math.min(rise(bendDeg, 40, 90), rise(bendDeg + knuckleDeg, 110, 170));

/** 0 up to `from`, 1 from `to` on, straight in between. */
const rise = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

const fall = (value: number, from: number, to: number): number => 1 - rise(value, from, to);
