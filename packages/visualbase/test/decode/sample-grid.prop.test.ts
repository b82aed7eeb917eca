import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleGrid } from '../../src/decode/sample-grid.ts';

const times = (rate: number, sec: number) =>
  Array.from({ length: Math.round(rate * sec) }, (_, i) => Math.round((i * 1e9) / rate));

describe('SampleGrid', () => {
  it('picks duration * fps pictures, within one, whatever the two rates', () => {
    const rates = fc.tuple(
      fc.double({ min: 5, max: 120, noNaN: true }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 30 }), ([rate, share], sec) => {
        const fps = rate * share;
        const grid = new SampleGrid(fps);
        const all = times(rate, sec);
        const picked = all.filter((tNs) => grid.take(tNs));
        const durationSec = all.length / rate;
        expect(Math.abs(picked.length - durationSec * fps)).toBeLessThanOrEqual(1);
        expect(picked[0]).toBe(0);
      }),
    );
  });

  it('picks the first picture at or after each grid point, of uneven times too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2_000_000, max: 400_000_000 }), { minLength: 1, maxLength: 80 }),
        (steps) => {
          const all = steps.reduce<number[]>((list, step) => [...list, list.at(-1)! + step], [0]);
          const grid = new SampleGrid(10);
          const picked = new Set(all.filter((tNs) => grid.take(tNs)));
          // A picture up to a millisecond early counts for its point.
          const points = new Set(all.map((tNs) => Math.floor((tNs + 1e6) / 1e8)));
          for (const point of points) {
            const first = all.find((tNs) => Math.floor((tNs + 1e6) / 1e8) === point);
            expect(picked.has(first!)).toBe(true);
          }
          expect(picked.size).toBe(points.size);
        },
      ),
    );
  });

  it('does not drift in a day', () => {
    const grid = new SampleGrid(24.98);
    let count = 0;
    for (let i = 0; i < 25 * 3600; i++) if (grid.take(Math.round((i * 1e9) / 25))) count += 1;
    expect(Math.abs(count - 3600 * 24.98)).toBeLessThanOrEqual(1);
  });
});
