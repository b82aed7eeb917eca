import { describe, expect, it } from 'vitest';
import { HAND_GESTURES, type HandGesture } from 'vpx-sdk';
import { GestureHold } from '../../src/gesture/gesture-hold.ts';
import { NO_GESTURE, type GestureScores } from '../../src/gesture/gesture-scores.ts';

const only = (gesture: HandGesture, score: number): GestureScores => ({
  ...NO_GESTURE,
  [gesture]: score,
});
const atMs = (ms: number) => ms * 1e6;

/** What is shown at every 50 ms, for scores of one gesture each. */
function shown(scores: readonly GestureScores[], stepMs = 50): (HandGesture | undefined)[] {
  const hold = new GestureHold(0.5, atMs(100));
  return scores.map((one, i) => hold.update(one, atMs(i * stepMs)).gesture);
}

describe('GestureHold', () => {
  it('shows a gesture once it has held', () => {
    const fist = only('fist', 0.8);
    expect(shown([fist, fist, fist, fist])).toEqual([undefined, undefined, 'fist', 'fist']);
  });

  it('does not count a gesture that flickers', () => {
    const [fist, none] = [only('fist', 0.9), NO_GESTURE];
    expect(shown([fist, none, fist, none, fist, none]).every((one) => one === undefined)).toBe(
      true,
    );
  });

  it('keeps it down to the lower bound, and no further', () => {
    const [begin, low, below] = [0.5, 0.31, 0.29].map((score) => only('ok', score));
    const seen = shown([begin!, begin!, begin!, low!, low!, below!, low!]);
    expect(seen).toEqual([undefined, undefined, 'ok', 'ok', 'ok', undefined, undefined]);
  });

  it('changes to another gesture when that has held', () => {
    const both = { ...only('fist', 0.6), thumbs_up: 0.7 };
    const fist = only('fist', 0.6);
    expect(shown([fist, fist, fist, both, both, both])).toEqual([
      ...[undefined, undefined, 'fist', 'fist', 'fist'],
      'thumbs_up',
    ]);
  });

  it('begins anew after a gap, and when time goes back', () => {
    const fist = only('fist', 1);
    expect(shown([fist, fist, fist], 400)).toEqual([undefined, undefined, undefined]);
    const hold = new GestureHold(0.5, 0);
    expect(hold.update(fist, atMs(500))).toEqual({ gesture: 'fist', score: 1 });
    expect(hold.update(only('fist', 0.4), atMs(0))).toEqual({ gesture: undefined, score: 0 });
  });

  it.each(HAND_GESTURES)('shows %s with the score of the frame', (gesture) => {
    const hold = new GestureHold(0.5, 0);
    expect(hold.update(only(gesture, 0.7), 0)).toEqual({ gesture, score: 0.7 });
    expect(hold.update(only(gesture, 0.4), atMs(40))).toEqual({ gesture, score: 0.4 });
  });
});
