import type { Gaze, Iris, Point } from 'vpx-sdk';
import type { HeadAxes, Vector } from '../mesh/head-pose.ts';
import { EYES, type Side } from './eye-landmarks.ts';
import { distance } from './eye-opening.ts';

// An eye is taken as a ball that turns about its middle, which lies behind the middle of the eye's
// corners. All in distances of the outer corners of both eyes, about 88 mm.

/** From the middle of the ball to the iris: 10.4 mm. */
const IRIS_DISTANCE = 0.118;
// Where the middle of the ball lies, from that of the corners. Fitted so that people who look into the
// camera do so: one man for 28 s, 11 portraits and 14 faces of group photographs, heads turned up to
// 32 degrees; the error of a face then is 2.5 degrees sideways and 2 upwards in the mean, 11 and 6 at
// worst. Depth counts less for nods, of which the mesh knows less.
const BEHIND_ACROSS = 0.07;
const BEHIND_DOWN = 0.015;
const TOWARDS_TEMPLE = 0.0135;
const ABOVE = 0.02;
/** An iris further out than this, as a sine, lies where no eye turns to: it is held there. */
const MAX_SINE = 0.85;

const DEG = 180 / Math.PI;

/** What {@link gazeOf} reads of a face. */
export interface GazeInput {
  readonly points: Float32Array;
  readonly axes: HeadAxes;
  readonly irises: Readonly<Record<Side, Iris>>;
}

/**
 * Where a person looks, from where the irises lie in front of the balls of the eyes; the mean of the
 * given eyes.
 *
 * @param sides - The eyes that are open, at least one.
 */
export function gazeOf({ points, axes, irises }: GazeInput, sides: readonly Side[]): Gaze {
  const unitPx = distance(points, EYES.right.outer, EYES.left.outer);
  let x = 0;
  let y = 0;
  for (const side of sides) {
    const ball = middleOfBall(points, axes, side, unitPx);
    x += (irises[side].centre.x - ball.x) / (unitPx * IRIS_DISTANCE * sides.length);
    y += (irises[side].centre.y - ball.y) / (unitPx * IRIS_DISTANCE * sides.length);
  }
  const sine = Math.hypot(x, y);
  if (sine > MAX_SINE) {
    x *= MAX_SINE / sine;
    y *= MAX_SINE / sine;
  }
  return {
    yawDeg: Math.atan2(x, Math.sqrt(1 - x * x - y * y)) * DEG,
    pitchDeg: -Math.asin(y) * DEG,
  };
}

function middleOfBall(
  points: Float32Array,
  { across, down, forward }: HeadAxes,
  side: Side,
  unitPx: number,
): Point {
  const { outer, inner } = EYES[side];
  const outwards = side === 'right' ? -TOWARDS_TEMPLE : TOWARDS_TEMPLE;
  const along = (axis: 0 | 1, behind: number): number => {
    const corners = (points[outer * 3 + axis]! + points[inner * 3 + axis]!) / 2;
    const offset = sumAlong(axis, [
      [across, outwards],
      [down, -ABOVE],
      [forward, -behind],
    ]);
    return corners + offset * unitPx;
  };
  return { x: along(0, BEHIND_ACROSS), y: along(1, BEHIND_DOWN) };
}

const sumAlong = (axis: 0 | 1, parts: readonly (readonly [Vector, number])[]): number =>
  parts.reduce((sum, [vector, amount]) => sum + vector[axis] * amount, 0);
