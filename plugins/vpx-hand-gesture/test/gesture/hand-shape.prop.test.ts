import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureHand, type HandShape } from '../../src/gesture/hand-shape.ts';
import { madeUpHand, POSES } from '../support/made-up-hand.ts';

/** All measures but that of the thumb in the picture, which is meant to turn. */
const withoutTurn = ({ thumbFromUpDeg: _, ...shape }: HandShape) => {
  const { index, middle, ring, little, ...rest } = shape;
  const fingers = [index, middle, ring, little];
  return [
    ...fingers.flatMap((finger) => [finger.bendDeg, finger.knuckleDeg]),
    ...Object.values(rest),
  ];
};

const pose = fc.constantFrom(...Object.values(POSES));
const angle = fc.integer({ min: -180, max: 180 });

describe('measureHand', () => {
  it('does not depend on turn, size, place, or which hand it is', () => {
    const place = fc.record({
      ...{ rollDeg: angle, yawDeg: angle, isLeft: fc.boolean() },
      scale: fc.double({ min: 1, max: 60, noNaN: true }),
      at: fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 })),
    });
    fc.assert(
      fc.property(pose, place, (what, where) => {
        const usual = withoutTurn(measureHand(madeUpHand(what)));
        const moved = withoutTurn(measureHand(madeUpHand(what, where)));
        for (const [i, value] of moved.entries()) {
          expect(Math.abs(value - usual[i]!)).toBeLessThan(0.2);
        }
      }),
    );
  });

  it('turns the direction of the thumb along with the hand', () => {
    fc.assert(
      fc.property(pose, angle, (what, rollDeg) => {
        const before = measureHand(madeUpHand(what)).thumbFromUpDeg;
        const after = measureHand(madeUpHand(what, { rollDeg })).thumbFromUpDeg;
        const turned = [before + rollDeg, -before + rollDeg].map((deg) => {
          const whole = Math.abs(deg) % 360;
          return Math.min(whole, 360 - whole);
        });
        expect(Math.min(...turned.map((deg) => Math.abs(deg - after)))).toBeLessThan(0.1);
      }),
    );
  });

  it('gives numbers for a hand that is one point', () => {
    const points = new Float32Array(63);
    for (const value of withoutTurn(measureHand({ points, worldPoints: points }))) {
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});
