import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxTracker } from '../../src/track/box-tracker.ts';

const box = (x: number, y: number, side = 40) =>
  ({ space: 'px', x1: x, y1: y, x2: x + side, y2: y + side }) as const;
const atSec = (sec: number) => Math.round(sec * 1e9);

describe('BoxTracker', () => {
  it('keeps ids while boxes move, in whatever order they are listed', () => {
    const tracker = new BoxTracker();
    for (let i = 0; i < 20; i++) {
      const left = box(10 + i * 3, 50);
      const right = box(300 - i * 3, 60);
      const ids = tracker.update(i % 2 === 0 ? [left, right] : [right, left], atSec(i / 10));
      expect(ids).toEqual(i % 2 === 0 ? [1, 2] : [2, 1]);
    }
  });

  it('keeps an id through a short gap and gives a new one after a long one', () => {
    const tracker = new BoxTracker({ maxGapSec: 1 });
    tracker.update([box(0, 0)], 0);
    tracker.update([], atSec(0.4));
    expect(tracker.update([box(8, 2)], atSec(0.8))).toEqual([1]);
    expect(tracker.update([box(8, 2)], atSec(2.5))).toEqual([2]);
  });

  it('does not give the id of one object to another far away or of another size', () => {
    const tracker = new BoxTracker();
    tracker.update([box(0, 0)], 0);
    expect(tracker.update([box(400, 0)], atSec(0.1))).toEqual([2]);
    expect(tracker.update([box(390, 0, 200)], atSec(0.2))).toEqual([3]);
  });

  it('follows a fast box by its speed', () => {
    const tracker = new BoxTracker();
    for (let i = 0; i < 10; i++) {
      expect(tracker.update([box(i * 30, 0)], atSec(i / 10))).toEqual([1]);
    }
  });

  it('keeps the ids of two that cross, one hiding the other', () => {
    const tracker = new BoxTracker();
    const left = (i: number) => box(i * 8, 50);
    const right = (i: number) => box(240 - i * 8, 55);
    for (let i = 0; i <= 30; i++) {
      // They are in the same place at i = 15: the second is hidden around it.
      const isHidden = Math.abs(i - 15) <= 2;
      const ids = tracker.update(isHidden ? [left(i)] : [left(i), right(i)], atSec(i / 10));
      expect(ids).toEqual(isHidden ? [1] : [1, 2]);
    }
  });

  it('finds a box again where it was going when it was hidden', () => {
    const tracker = new BoxTracker();
    for (let i = 0; i < 10; i++) tracker.update([box(i * 6, 0)], atSec(i / 10));
    for (let i = 10; i < 16; i++) tracker.update([], atSec(i / 10));
    // 42 px further, more than its width, and another stands where it was hidden.
    expect(tracker.update([box(54, 70), box(96, 0)], atSec(1.6))).toEqual([2, 1]);
  });

  it('does not take a jump for speed', () => {
    const tracker = new BoxTracker();
    tracker.update([box(0, 0)], 0);
    tracker.update([box(300, 0)], atSec(0.1), { knownIds: [1] });
    expect(tracker.update([box(305, 0)], atSec(0.2))).toEqual([1]);
  });

  it('believes the ids that the caller has followed by other means', () => {
    const tracker = new BoxTracker();
    tracker.update([box(0, 0), box(100, 0)], 0);
    // They have changed places between two pictures, which boxes alone cannot tell.
    const swapped = [box(0, 0), box(100, 0)];
    expect(tracker.update(swapped, atSec(0.1), { knownIds: [2, 1] })).toEqual([2, 1]);
    expect(tracker.update([box(0, 0)], atSec(0.2), { knownIds: [undefined] })).toEqual([2]);
    expect(tracker.update([box(0, 0), box(1, 0)], atSec(0.3), { knownIds: [9, 2] })).toEqual([
      3, 2,
    ]);
  });

  it('gives a new id where the caller knows that it is another object', () => {
    const tracker = new BoxTracker();
    tracker.update([box(0, 0)], 0);
    const canBe = (boxAt: number, id: number) => !(boxAt === 0 && id === 1);
    expect(tracker.update([box(2, 0)], atSec(0.1), { canBe })).toEqual([2]);
  });

  it('never gives two boxes of a frame one id', () => {
    const boxes = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(boxes, { maxLength: 10 }), (frames) => {
        const tracker = new BoxTracker();
        for (const [i, at] of frames.entries()) {
          const ids = tracker.update(
            at.map(([x, y]) => box(x, y)),
            atSec(i / 10),
          );
          expect(new Set(ids).size).toBe(at.length);
          expect(ids.every((id) => id > 0)).toBe(true);
        }
      }),
    );
  });
});
