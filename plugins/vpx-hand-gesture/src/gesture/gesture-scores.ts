import type { HandGesture } from 'vpx-sdk';
import type { FingerShape, HandShape } from './hand-shape.ts';

/** How well a hand fits each gesture, 0..1. */
export type GestureScores = Readonly<Record<HandGesture, number>>;

/**
 * How well a hand fits each gesture: each asks several things of the fingers, every one of which is
 * met by 0 to 1, and the least counts. At 0.5 all are half met.
 */
export function gestureScores(shape: HandShape): GestureScores {
  const { index, middle, ring, little } = shape;
  const thumbOut = Math.min(rise(shape.thumbReach, 0.4, 0.65), fall(shape.thumbBendDeg, 60, 110));
  const thumbIn = fall(shape.thumbReach, 0.45, 0.75);
  const thumbUp = fall(shape.thumbFromUpDeg, 35, 65);
  const thumbDown = fall(180 - shape.thumbFromUpDeg, 35, 65);
  const isSpread = rise(shape.spreadDeg, 4, 12);
  const closed = Math.min(bent(index), bent(middle), bent(ring), bent(little));
  const lastThree = Math.min(straight(middle), straight(ring), straight(little));
  return {
    open_palm: Math.min(straight(index), lastThree, thumbOut),
    fist: Math.min(closed, thumbIn),
    point: Math.min(straight(index), bent(middle), bent(ring), bent(little)),
    v_sign: Math.min(straight(index), straight(middle), bent(ring), bent(little), isSpread),
    thumbs_up: Math.min(closed, thumbOut, thumbUp),
    thumbs_down: Math.min(closed, thumbOut, thumbDown),
    ok: Math.min(fall(shape.pinchGap, 0.3, 0.6), lastThree, rise(index.bendDeg, 20, 50)),
    call: Math.min(thumbOut, straight(little), bent(index), bent(middle), bent(ring)),
  };
}

const straight = ({ bendDeg, knuckleDeg }: FingerShape): number =>
  Math.min(fall(bendDeg, 35, 95), fall(knuckleDeg, 55, 95));

const bent = ({ bendDeg }: FingerShape): number => rise(bendDeg, 50, 110);

/** 0 up to `from`, 1 from `to` on, straight in between. */
const rise = (value: number, from: number, to: number): number =>
  Math.max(0, Math.min(1, (value - from) / (to - from)));

const fall = (value: number, from: number, to: number): number => 1 - rise(value, from, to);
