import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nsToTicks, secToNs, ticksToNs, tryTicksToNs } from '../../src/time/ns.ts';

const timebase = fc.record({
  num: fc.integer({ min: 1, max: 1001 }),
  den: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('ticks and nanoseconds', () => {
  it('gives back the same tick for any timebase coarser than a nanosecond', () => {
    fc.assert(
      fc.property(timebase, fc.bigInt(-1_000_000n, 1_000_000n), ({ num, den }, ticks) => {
        fc.pre(Math.abs(Number(ticks)) * (num / den) < 8e6);
        expect(nsToTicks(ticksToNs(ticks, num, den), num, den)).toBe(ticks);
      }),
    );
  });

  it('rounds halves away from zero', () => {
    expect(ticksToNs(1n, 1, 2_000_000_000)).toBe(1);
    expect(ticksToNs(-1n, 1, 2_000_000_000)).toBe(-1);
    expect(ticksToNs(1n, 1001, 30000)).toBe(33_366_667);
  });

  it('refuses a time that a number cannot hold exactly', () => {
    expect(() => ticksToNs(BigInt(105 * 86400), 1, 1)).toThrow(
      expect.objectContaining({
        code: 'VB_TIME_TOO_FAR',
        message: expect.stringContaining('104 days'),
      }),
    );
    expect(tryTicksToNs(BigInt(105 * 86400), 1, 1)).toBeUndefined();
    expect(tryTicksToNs(1n, 1, 0)).toBeUndefined();
    expect(tryTicksToNs(7n, 1, 1)).toBe(7e9);
    expect(secToNs(1.5)).toBe(1_500_000_000);
  });
});
