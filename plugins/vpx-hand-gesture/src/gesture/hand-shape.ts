import type { HandLandmarks } from 'vpx-sdk';
import {
  INDEX,
  LITTLE,
  MIDDLE,
  RING,
  THUMB,
  WRIST,
  type FingerLandmarks,
} from '../hand/landmark.ts';
import { angleDeg, between, dot, lengthOf } from './vector.ts';

/** How a finger is bent. */
export interface FingerShape {
  /** Of the two joints together, 0 (straight) to about 200 degrees (in a fist). */
  readonly bendDeg: number;
  /** At the knuckle, 0 (on from the palm) to about 90 degrees. */
  readonly knuckleDeg: number;
}

/** Measures of a hand that do not depend on its size, its place or, but for one, its turn. */
export interface HandShape {
  readonly index: FingerShape;
  readonly middle: FingerShape;
  readonly ring: FingerShape;
  readonly little: FingerShape;
  /** Bend of the thumb's two joints together, degrees. */
  readonly thumbBendDeg: number;
  /**
   * How far the thumb's tip lies beyond the knuckle of the index finger, along the line of knuckles, in
   * lengths of the palm; below 0 where it lies across the palm.
   */
  readonly thumbLift: number;
  /** From the thumb's tip to that of the index finger, in lengths of the palm. */
  readonly pinchGap: number;
  /** Between index and middle finger, degrees. */
  readonly spreadDeg: number;
  /** Between the thumb and straight up in the picture, 0..180 degrees: the one measure that turns. */
  readonly thumbFromUpDeg: number;
}

/** Measures a hand: its shape from the points in space, where the thumb points from those in the picture. */
export function measureHand({ points, worldPoints }: Omit<HandLandmarks, 'space'>): HandShape {
  const distance = (a: number, b: number): number => lengthOf(between(worldPoints, a, b));
  const palmLength = distance(WRIST, MIDDLE.knuckle);
  const across = between(worldPoints, LITTLE.knuckle, INDEX.knuckle);
  const beyondIndex = between(worldPoints, INDEX.knuckle, THUMB.tip);
  const finger = (landmarks: FingerLandmarks) => shapeOf(worldPoints, landmarks);
  const direction = ({ knuckle, middle }: FingerLandmarks) => between(worldPoints, knuckle, middle);
  const [thumbX, thumbY] = between(points, THUMB.knuckle, THUMB.tip);
  return {
    index: finger(INDEX),
    middle: finger(MIDDLE),
    ring: finger(RING),
    little: finger(LITTLE),
    thumbBendDeg: bendDeg(worldPoints, [THUMB.base, THUMB.knuckle, THUMB.joint, THUMB.tip]),
    thumbLift: ratio(dot(beyondIndex, across), palmLength * lengthOf(across)),
    pinchGap: ratio(distance(THUMB.tip, INDEX.tip), palmLength),
    spreadDeg: angleDeg(direction(INDEX), direction(MIDDLE)),
    thumbFromUpDeg: angleDeg([thumbX, thumbY, 0], [0, -1, 0]),
  };
}

/** 0 for a hand that is all one point. */
const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);

function shapeOf(points: Readonly<Float32Array>, landmarks: FingerLandmarks): FingerShape {
  const { knuckle, middle, end, tip } = landmarks;
  return {
    bendDeg: bendDeg(points, [knuckle, middle, end, tip]),
    knuckleDeg: angleDeg(between(points, WRIST, knuckle), between(points, knuckle, middle)),
  };
}

/** The bends of a chain of four landmarks at its two inner ones, together. */
function bendDeg(
  points: Readonly<Float32Array>,
  [a, b, c, d]: readonly [number, number, number, number],
): number {
  const [first, second, third] = [
    between(points, a, b),
    between(points, b, c),
    between(points, c, d),
  ];
  return angleDeg(first, second) + angleDeg(second, third);
}
