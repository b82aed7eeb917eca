import type { Point } from 'vpx-sdk';

// Places in HAND_LANDMARKS of vpx-sdk; a knuckle is where a finger begins.

/** Where the hand begins. */
export const WRIST = 0;

/** The landmarks of the thumb, from the wrist outwards. */
export const THUMB = { base: 1, knuckle: 2, joint: 3, tip: 4 } as const;

/** The landmarks of a finger, from the palm outwards. */
export interface FingerLandmarks {
  readonly knuckle: number;
  readonly middle: number;
  readonly end: number;
  readonly tip: number;
}

/** The index finger. */
export const INDEX: FingerLandmarks = { knuckle: 5, middle: 6, end: 7, tip: 8 };
/** The middle finger. */
export const MIDDLE: FingerLandmarks = { knuckle: 9, middle: 10, end: 11, tip: 12 };
/** The ring finger. */
export const RING: FingerLandmarks = { knuckle: 13, middle: 14, end: 15, tip: 16 };
/** The little finger. */
export const LITTLE: FingerLandmarks = { knuckle: 17, middle: 18, end: 19, tip: 20 };

/** A landmark of `points` (x, y, z by turns) as seen, without its depth. */
export const pointAt = (points: Readonly<Float32Array>, at: number): Point => ({
  x: points[at * 3]!,
  y: points[at * 3 + 1]!,
});
