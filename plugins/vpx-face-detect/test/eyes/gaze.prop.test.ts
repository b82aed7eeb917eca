import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EYES, type Side } from '../../src/eyes/eye-landmarks.ts';
import { gazeOf, type GazeInput } from '../../src/eyes/gaze.ts';

const SIDES = ['right', 'left'] as const;
/** A head that looks at the camera with eyes 88 px apart at their outer corners. */
const AXES = { across: [1, 0, 0], down: [0, 1, 0], forward: [0, 0, -1] } as const;
const OUTER_X = { right: -44, left: 44 };
const INNER_X = { right: -16, left: 16 };
/** Iris of an eye that looks straight ahead, from the middle of its corners, px: outwards and up. */
const STRAIGHT = { outwards: 0.0135 * 88, up: 0.02 * 88 };
const IRIS_DISTANCE_PX = 0.118 * 88;

/** Irises moved by (x, y) px from where they look straight ahead. */
function face(x: number, y: number): GazeInput {
  const points = new Float32Array(468 * 3);
  const irisOf = (side: Side) => {
    points[EYES[side].outer * 3] = OUTER_X[side];
    points[EYES[side].inner * 3] = INNER_X[side];
    const outwards = side === 'right' ? -STRAIGHT.outwards : STRAIGHT.outwards;
    const middle = (OUTER_X[side] + INNER_X[side]) / 2;
    return { centre: { x: middle + outwards + x, y: y - STRAIGHT.up }, radiusPx: 6 };
  };
  return { axes: AXES, irises: { right: irisOf('right'), left: irisOf('left') }, points };
}

describe('gazeOf', () => {
  it('is 0 for eyes straight ahead in a head that faces the camera', () => {
    const { yawDeg, pitchDeg } = gazeOf(face(0, 0), SIDES);
    expect(yawDeg).toBeCloseTo(0, 3);
    expect(pitchDeg).toBeCloseTo(0, 3);
  });

  it.each([
    ['right of the picture', 5, 0, 'yawDeg', 1],
    ['left', -5, 0, 'yawDeg', -1],
    ['up', 0, -4, 'pitchDeg', 1],
    ['down', 0, 4, 'pitchDeg', -1],
  ] as const)('follows irises that move to the %s', (_what, x, y, angle, sign) => {
    const seen = gazeOf(face(x, y), SIDES)[angle] * sign;
    const sine = Math.abs(x + y) / IRIS_DISTANCE_PX;
    expect(seen).toBeCloseTo((Math.asin(sine) * 180) / Math.PI, 3);
  });

  it('is the mean of the given eyes, and always a direction towards the camera', () => {
    const shift = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(shift, shift, (x, y) => {
        const input = face(x, y);
        for (const sides of [SIDES, ['right'], ['left']] as const) {
          const { yawDeg, pitchDeg } = gazeOf(input, sides);
          expect(Math.abs(yawDeg)).toBeLessThan(90);
          expect(Math.abs(pitchDeg)).toBeLessThan(90);
        }
        expect(gazeOf(input, ['right']).yawDeg).toBeCloseTo(gazeOf(input, SIDES).yawDeg, 3);
      }),
    );
  });
});
