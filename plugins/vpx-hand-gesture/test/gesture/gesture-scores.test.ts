import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HAND_GESTURES, type HandGesture } from 'vpx-sdk';
import { gestureScores } from '../../src/gesture/gesture-scores.ts';
import { measureHand } from '../../src/gesture/hand-shape.ts';
import { madeUpHand, POSES, type HandPlace } from '../support/made-up-hand.ts';

type PoseName = keyof typeof POSES;

/** The gestures that a hand reaches half of. */
function gesturesOf(pose: PoseName, place: HandPlace = {}): HandGesture[] {
  const scores = gestureScores(measureHand(madeUpHand(POSES[pose], place)));
  return HAND_GESTURES.filter((gesture) => scores[gesture] >= 0.5);
}

// The thumb of an upright right hand points to the right; these turn it up and down.
const UP = { right: { rollDeg: -90 }, left: { rollDeg: 90, isLeft: true } } as const;
const DOWN = { right: { rollDeg: 90 }, left: { rollDeg: -90, isLeft: true } } as const;
const TURNLESS = ['open_palm', 'fist', 'point', 'v_sign', 'ok', 'call'] as const;

describe('gestureScores', () => {
  describe.each([
    ['right', false],
    ['left', true],
  ] as const)('of a %s hand', (side, isLeft) => {
    it.each(TURNLESS)('tells %s, and nothing else', (name) => {
      expect(gesturesOf(name, { isLeft })).toEqual([name]);
    });

    it('tells thumbs up and down by where the thumb points in the picture', () => {
      expect(gesturesOf('thumb', UP[side])).toEqual(['thumbs_up']);
      expect(gesturesOf('thumb', DOWN[side])).toEqual(['thumbs_down']);
      expect(gesturesOf('thumb', { isLeft })).toEqual([]);
    });

    it.each(['four', 'claw'] as const)('sees no gesture in a %s', (name) => {
      expect(gesturesOf(name, { isLeft })).toEqual([]);
    });
  });

  it('tells the gestures whatever the turn, size and place of the hand', () => {
    const place = fc.record({
      rollDeg: fc.integer({ min: -180, max: 180 }),
      yawDeg: fc.integer({ min: -180, max: 180 }),
      isLeft: fc.boolean(),
      scale: fc.double({ min: 1, max: 60, noNaN: true }),
      at: fc.tuple(fc.integer({ min: -500, max: 2000 }), fc.integer({ min: -500, max: 2000 })),
    });
    fc.assert(
      fc.property(fc.constantFrom(...TURNLESS), place, (name, where) => {
        expect(gesturesOf(name, where)).toEqual([name]);
      }),
    );
  });

  it('scores 0 to 1 whatever the landmarks are', () => {
    const values = fc.array(fc.float({ min: -300, max: 300, noNaN: true }), {
      minLength: 63,
      maxLength: 63,
    });
    fc.assert(
      fc.property(values, values, (points, worldPoints) => {
        const hand = {
          points: Float32Array.from(points),
          worldPoints: Float32Array.from(worldPoints),
        };
        for (const score of Object.values(gestureScores(measureHand(hand)))) {
          expect(score >= 0 && score <= 1).toBe(true);
        }
      }),
    );
  });
});
