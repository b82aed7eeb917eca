import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestAssignment } from '../../src/track/assignment.ts';

/** The greatest sum there is, by trying everything. */
function bestSum(scores: readonly (readonly number[])[], taken = new Set<number>()): number {
  const [row, ...rest] = scores;
  if (row === undefined) return 0;
  let best = bestSum(rest, taken);
  for (const [column, score] of row.entries()) {
    if (taken.has(column) || score <= 0) continue;
    best = Math.max(best, score + bestSum(rest, new Set([...taken, column])));
  }
  return best;
}

const matrices = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.double({ min: -0.5, max: 1, noNaN: true }), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    ),
  );

describe('bestAssignment', () => {
  it('has the greatest sum of all ways to pair', () => {
    fc.assert(
      fc.property(matrices, (scores) => {
        const columns = bestAssignment(scores);
        const made = columns.filter((column) => column >= 0);
        expect(new Set(made).size).toBe(made.length);
        const sum = columns.reduce((all, column, row) => all + (scores[row]![column] ?? 0), 0);
        expect(sum).toBeCloseTo(bestSum(scores), 9);
      }),
      { numRuns: 500 },
    );
  });

  it('never pairs what has no score', () => {
    expect(
      bestAssignment([
        [0, 0],
        [0, 0.1],
      ]),
    ).toEqual([-1, 1]);
    expect(bestAssignment([])).toEqual([]);
    expect(bestAssignment([[], []])).toEqual([-1, -1]);
  });

  it('gives up the best pair for two good ones', () => {
    expect(
      bestAssignment([
        [0.9, 0.8],
        [0.8, 0],
      ]),
    ).toEqual([1, 0]);
  });
});
