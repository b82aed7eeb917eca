import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameClock } from '../../src/decode/frame-clock.ts';
import { ticksToNs } from '../../src/time/ns.ts';

const TIMEBASE = { num: 1, den: 1000 };

describe('FrameClock', () => {
  it('counts from the start of the stream, exactly', () => {
    const clock = new FrameClock({ num: 1001, den: 30000 }, 300n, 29.97);
    expect([300n, 301n, 330n].map((ticks) => clock.next(ticks))).toEqual([
      0, 33_366_667, 1_001_000_000,
    ]);
    expect(clock.repairedCount).toBe(0);
  });

  it('counts from the first picture where the stream does not say when it starts', () => {
    const clock = new FrameClock(TIMEBASE, undefined, 25);
    expect([40n, 80n].map((ticks) => clock.next(ticks))).toEqual([0, 40_000_000]);
  });

  it('makes up times that are missing or do not increase, counts them, and keeps the good ones', () => {
    const clock = new FrameClock(TIMEBASE, 0n, 25);
    const ticks = [0n, undefined, 80n, 80n, 60n, 120n, undefined];
    expect(ticks.map((tick) => clock.next(tick))).toEqual([
      0, 40_000_000, 80_000_000, 80_000_001, 80_000_002, 120_000_000, 160_000_000,
    ]);
    expect(clock.repairedCount).toBe(4);
  });

  it('takes a time too far to be held for a missing one', () => {
    const clock = new FrameClock(TIMEBASE, 0n, 25);
    const ticks = [0n, 1n << 62n, 80n, -(1n << 62n)];
    expect(ticks.map((tick) => clock.next(tick))).toEqual([0, 40_000_000, 80_000_000, 120_000_000]);
    expect(clock.repairedCount).toBe(2);
  });

  it('makes up times at 25 a second where the rate is that of no video', () => {
    for (const fps of [0, 1e-9]) {
      const clock = new FrameClock(TIMEBASE, 0n, fps);
      expect([0n, undefined].map((tick) => clock.next(tick))).toEqual([0, 40_000_000]);
    }
  });

  it('holds its times exactly, also those made up behind the last that can be', () => {
    const clock = new FrameClock(TIMEBASE, 0n, 0.01);
    const latest = BigInt(Number.MAX_SAFE_INTEGER) / 1_000_000n;
    const ticks = [8_640_000_000n - 1n, ...Array.from({ length: 1000 }, () => undefined), latest];
    for (const tick of ticks) expect(Number.isSafeInteger(clock.next(tick))).toBe(true);
  });

  it('increases strictly whatever the file says, and keeps every time that already does', () => {
    const ticksArbitrary = fc.option(fc.bigInt({ min: -1000n, max: 1000n }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(ticksArbitrary), (all) => {
        const clock = new FrameClock({ num: 1, den: 90_000 }, 0n, 30);
        let last = -1;
        let keptCount = 0;
        for (const ticks of all) {
          const tNs = clock.next(ticks);
          expect(tNs).toBeGreaterThan(last);
          const wanted = ticks === undefined ? undefined : ticksToNs(ticks, 1, 90_000);
          if (wanted !== undefined && wanted > last) {
            expect(tNs).toBe(wanted);
            keptCount += 1;
          }
          last = tNs;
        }
        expect(clock.repairedCount).toBeGreaterThanOrEqual(all.length - keptCount);
        if (keptCount === all.length) expect(clock.repairedCount).toBe(0);
      }),
    );
  });
});
