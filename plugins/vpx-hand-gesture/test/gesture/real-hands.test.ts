import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HAND_GESTURES, type HandGesture } from 'vpx-sdk';
import { gestureScores } from '../../src/gesture/gesture-scores.ts';
import { measureHand } from '../../src/gesture/hand-shape.ts';

interface Golden {
  readonly hands: readonly {
    readonly video: string;
    readonly picture: number;
    readonly handedness: 'left' | 'right';
    readonly gesture: HandGesture | null;
    readonly points: readonly number[];
    readonly worldPoints: readonly number[];
  }[];
}

/** Landmarks of people who sign; the file says how they were found. */
const { hands } = JSON.parse(
  readFileSync(new URL('../golden/signs.json', import.meta.url), 'utf8'),
) as Golden;

describe('the gesture of a real hand', () => {
  it.each(hands)('$handedness hand in picture $picture of $video: $gesture', (hand) => {
    const scores = gestureScores(
      measureHand({
        points: Float32Array.from(hand.points),
        worldPoints: Float32Array.from(hand.worldPoints),
      }),
    );
    const seen = HAND_GESTURES.filter((gesture) => scores[gesture] >= 0.5);
    expect(seen).toEqual(hand.gesture === null ? [] : [hand.gesture]);
  });
});
