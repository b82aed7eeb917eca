import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeQueue } from '../../src/backends/simple/nodes/time-queue.ts';

interface Item {
  readonly time: number;
  readonly number: number;
}

describe('TimeQueue', () => {
  it('gives what was added in order of time, and what has the same time as it came', () => {
    // A time to add, or undefined to take one out.
    const steps = fc.array(fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }), {
      maxLength: 2000,
      size: 'max',
    });
    fc.assert(
      fc.property(steps, (times) => {
        const queue = new TimeQueue<Item>(({ time }) => time);
        let expected: Item[] = [];
        for (const [number, time] of times.entries()) {
          if (time === undefined) {
            expect(queue.takeFirst()).toBe(expected.shift());
          } else {
            const item = { time, number };
            queue.add(item);
            expected = [...expected, item].sort((a, b) => a.time - b.time);
          }
          expect(queue.first).toBe(expected[0]);
          expect(queue.length).toBe(expected.length);
        }
        while (expected.length > 0) expect(queue.takeFirst()).toBe(expected.shift());
      }),
      { numRuns: 30 },
    );
  });

  it('moves what is left when most places at the front are free', () => {
    const queue = new TimeQueue<Item>(({ time }) => time);
    for (let number = 0; number < 1000; number++) queue.add({ time: number, number });
    for (let number = 0; number < 900; number++) expect(queue.takeFirst()?.number).toBe(number);
    queue.add({ time: 950, number: 1000 });
    const left = Array.from({ length: 101 }, () => queue.takeFirst()?.number);
    expect(left.slice(48, 54)).toEqual([948, 949, 950, 1000, 951, 952]);
    expect(queue.takeFirst()).toBeUndefined();
  });
});
