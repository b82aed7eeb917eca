import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeHolder, placeLanes } from '../../src/engine/placement.ts';

interface Holder {
  readonly threadCount: number;
}

const loadOf = (holders: readonly Holder[]) => ({
  threadCount: Math.max(...holders.map(({ threadCount }) => threadCount)),
  holderCount: holders.length,
});

const total = (threads: readonly (readonly Holder[])[]): number =>
  threads.reduce((sum, holders) => sum + loadOf(holders).threadCount, 0);

const wishes = fc.array(
  fc.record({ wanted: fc.integer({ min: 1, max: 12 }), leaves: fc.nat({ max: 30 }) }),
  { maxLength: 30 },
);

describe('placing holders on shared engine threads', () => {
  it('never exceeds the budget, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), wishes, (budget, list) => {
        let threads: Holder[][] = [];
        for (const { wanted, leaves } of list) {
          const { at, threadCount } = placeHolder(threads.map(loadOf), wanted, budget)!;
          expect(threadCount).toBeGreaterThanOrEqual(1);
          expect(threadCount).toBeLessThanOrEqual(Math.min(wanted, budget));
          (threads[at] ??= []).push({ threadCount });
          expect(total(threads)).toBeLessThanOrEqual(budget);
          // Some go again, the oldest of a thread first.
          threads[leaves]?.shift();
          threads = threads.filter((holders) => holders.length > 0);
        }
      }),
    );
  });

  it('gives each holder a thread of its own while there is room, then the thread with the fewest', () => {
    const threads: Holder[][] = [];
    const places = [1, 1, 1, 1, 1].map((wanted) => {
      const { at, threadCount } = placeHolder(threads.map(loadOf), wanted, 2)!;
      (threads[at] ??= []).push({ threadCount });
      return at;
    });
    expect(places).toEqual([0, 1, 0, 1, 0]);
  });

  it('shares a thread that is wide enough rather than making inferences narrower', () => {
    const loads = [
      { threadCount: 1, holderCount: 1 },
      { threadCount: 3, holderCount: 2 },
    ];
    expect(placeHolder(loads, 3, 4)).toEqual({ at: 1, threadCount: 3 });
  });

  it('widens a thread as far as the budget goes', () => {
    expect(placeHolder([{ threadCount: 1, holderCount: 1 }], 4, 4)).toEqual({
      at: 0,
      threadCount: 4,
    });
    expect(placeHolder([{ threadCount: 2, holderCount: 1 }], 9, 3)).toEqual({
      at: 0,
      threadCount: 3,
    });
  });

  it('goes on with the threads that there are when the budget was lowered', () => {
    const loads = [
      { threadCount: 2, holderCount: 2 },
      { threadCount: 2, holderCount: 1 },
    ];
    expect(placeHolder(loads, 2, 1)).toEqual({ at: 1, threadCount: 1 });
  });
});

const loads = fc.array(
  fc.record({
    threadCount: fc.integer({ min: 1, max: 4 }),
    holderCount: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 6 },
);

describe('placing the lanes of a holder', () => {
  it('puts each on another thread, the first where one lane would go, within the budget', () => {
    fc.assert(
      fc.property(
        loads,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat({ max: 8 }),
        (threads, threadCount, laneCount, room) => {
          const used = threads.reduce((sum, load) => sum + load.threadCount, 0);
          const budget = Math.max(1, used + room);
          const placed = placeLanes(threads, { threadCount, laneCount }, budget);
          const one = placeHolder(threads, threadCount, budget)!;
          expect(placed.at[0]).toBe(one.at);
          expect(placed.threadCount).toBe(one.threadCount);
          expect(new Set(placed.at).size).toBe(placed.at.length);
          expect(placed.at.length).toBeLessThanOrEqual(laneCount);
          const after = threads.map((load) => load.threadCount);
          for (const at of placed.at) after[at] = Math.max(after[at] ?? 0, placed.threadCount);
          expect(after.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(budget);
          // New threads are numbered on without a gap.
          expect(after.every((count) => count > 0)).toBe(true);
        },
      ),
    );
  });

  it('shares the threads that there are rather than doing without a lane', () => {
    const two = [
      { threadCount: 1, holderCount: 1 },
      { threadCount: 1, holderCount: 3 },
    ];
    const wanted = { threadCount: 1, laneCount: 3 };
    expect(placeLanes(two, wanted, 2)).toEqual({ at: [0, 1], threadCount: 1 });
    expect(placeLanes([], wanted, 2)).toEqual({ at: [0, 1], threadCount: 1 });
    expect(placeLanes([], wanted, 1)).toEqual({ at: [0], threadCount: 1 });
  });

  it('has no lane that would be narrower than the first', () => {
    expect(placeLanes([], { threadCount: 2, laneCount: 2 }, 3)).toEqual({
      at: [0],
      threadCount: 2,
    });
  });
});
