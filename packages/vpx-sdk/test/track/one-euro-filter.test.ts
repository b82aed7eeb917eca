import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OneEuroFilter, type OneEuroOptions } from '../../src/track/one-euro-filter.ts';
import { randomNumbers } from '../support/random.ts';

const atNs = (i: number) => Math.round((i * 1e9) / 30);

/** What a filter makes of one value that is `value(i)` in the i-th of 90 pictures of 3 seconds. */
function smooth(value: (i: number) => number, options: OneEuroOptions, unit = 1): number[] {
  const filter = new OneEuroFilter(options);
  return Array.from(
    { length: 90 },
    (_, i) => filter.filter(Float32Array.of(value(i)), atNs(i), unit)[0]!,
  );
}

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

describe('OneEuroFilter', () => {
  it('calms values that tremble at rest to less than half', () => {
    const next = randomNumbers(7);
    const trembling = Array.from({ length: 90 }, () => 100 + next() - 0.5);
    const calmed = smooth((i) => trembling[i]!, { minCutoffHz: 1, beta: 0 });
    expect(deviation(calmed.slice(30))).toBeLessThan(deviation(trembling.slice(30)) / 2);
  });

  it('lags less the higher beta is', () => {
    const moving = (i: number) => i * 4;
    const [slow, quick] = [0, 1].map((beta) => smooth(moving, { minCutoffHz: 1, beta }));
    expect(moving(89) - slow![89]!).toBeGreaterThan(10);
    expect(moving(89) - quick![89]!).toBeLessThan(1);
  });

  it('follows the recurrence of the paper', () => {
    // Two pictures a second apart, by hand: speed 10 x 2pi/(2pi + 1), cutoff 1 + 0.5 x speed.
    const filter = new OneEuroFilter({ minCutoffHz: 1, beta: 0.5, speedCutoffHz: 1 });
    filter.filter(Float32Array.of(0), 0);
    const [value] = filter.filter(Float32Array.of(10), 1e9);
    const speed = (10 * 2 * Math.PI) / (2 * Math.PI + 1);
    const turns = 2 * Math.PI * (1 + 0.5 * speed);
    expect(value).toBeCloseTo((10 * turns) / (turns + 1), 5);
  });

  it('smooths near and far things alike when told their size', () => {
    const value = (i: number) => Math.sin(i / 5) + (i % 3) * 0.05;
    const near = smooth((i) => 300 * value(i), { beta: 2 }, 300);
    const far = smooth((i) => 20 * value(i), { beta: 2 }, 20);
    for (const [i, one] of near.entries()) expect(one / 300).toBeCloseTo(far[i]! / 20, 4);
  });

  it('starts anew after reset, and when time goes back', () => {
    const filter = new OneEuroFilter();
    filter.filter(Float32Array.of(0), 0);
    expect(filter.filter(Float32Array.of(50), atNs(1))[0]).toBeLessThan(50);
    expect(filter.filter(Float32Array.of(70), 0)[0]).toBe(70);
    filter.reset();
    expect([...filter.filter(Float32Array.of(1, 2), atNs(9))]).toEqual([1, 2]);
  });

  it('stays between the smallest and the largest value, and leaves its input alone', () => {
    const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(values, (all) => {
        const filter = new OneEuroFilter({ beta: 0.1 });
        for (const [i, value] of all.entries()) {
          const input = Float32Array.of(value);
          const [out] = filter.filter(input, atNs(i));
          expect(input[0]).toBe(value);
          const seen = all.slice(0, i + 1);
          expect(out).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-3);
          expect(out).toBeLessThanOrEqual(Math.max(...seen) + 1e-3);
        }
      }),
    );
  });

  it.each([
    [{ minCutoffHz: 0 }, /minCutoffHz/],
    [{ speedCutoffHz: -1 }, /speedCutoffHz/],
    [{ beta: NaN }, /beta/],
  ])('refuses %o', (options, message) => {
    expect(() => new OneEuroFilter(options)).toThrow(message);
  });

  it('refuses another number of values', () => {
    const filter = new OneEuroFilter();
    filter.filter(Float32Array.of(1, 2), 0);
    expect(() => filter.filter(Float32Array.of(1), 1)).toThrow(/2 values, got 1/);
  });
});
