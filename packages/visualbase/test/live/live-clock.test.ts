import { describe, expect, it } from 'vitest';
import { LiveClock } from '../../src/live/live-clock.ts';
import { NS_PER_SEC, ticksToNs } from '../../src/time/ns.ts';

const TIMEBASE = { num: 1, den: 90_000 };
const FRAME = 3000n;

/** A clock on a wall that the test moves, and the media time of packets as they come. */
function fixture() {
  const wall = { sec: 0 };
  const clock = new LiveClock(() => wall.sec * NS_PER_SEC);
  const timeOf = (pts: bigint, dts?: bigint): number =>
    ticksToNs(pts + clock.offsetFor(pts, dts), TIMEBASE.num, TIMEBASE.den);
  clock.begin(TIMEBASE, 30);
  return { wall, clock, timeOf };
}

describe('a live clock', () => {
  it('begins at 0, wherever the sender begins, and keeps its distances exactly', () => {
    const { timeOf } = fixture();
    const first = 8_000_000_000n;
    expect([0n, 1n, 2n, 7n].map((i) => timeOf(first + i * FRAME))).toEqual([
      0, 33_333_333, 66_666_667, 233_333_333,
    ]);
  });

  it('shows a lost connection as a gap as long as it was on the wall', () => {
    const { clock, wall, timeOf } = fixture();
    timeOf(0n);
    timeOf(90_000n);
    wall.sec = 5;
    clock.begin(TIMEBASE, 30);
    expect(clock.isAnchored).toBe(false);
    expect(timeOf(123n)).toBe(5 * NS_PER_SEC);
    expect(timeOf(123n + FRAME)).toBe(5 * NS_PER_SEC + 33_333_333);
  });

  it('never goes back, when a sender that was ahead of the wall comes back', () => {
    const { clock, timeOf } = fixture();
    timeOf(0n);
    expect(timeOf(9n * 90_000n)).toBe(9 * NS_PER_SEC);
    clock.begin(TIMEBASE, 30);
    expect(timeOf(0n)).toBe(9 * NS_PER_SEC + 33_333_333);
  });

  it.each([
    ['back', 1_000_000n],
    ['far ahead', 90_000_000_000n],
  ])('goes on with the next frame when the clock of the sender jumps %s', (_, jumpTo) => {
    const { clock, wall, timeOf } = fixture();
    timeOf(50_000_000n);
    timeOf(50_000_000n + FRAME);
    wall.sec = 0.05;
    expect(timeOf(jumpTo)).toBe(66_666_667);
    expect(timeOf(jumpTo + FRAME)).toBe(100_000_000);
    expect(clock.jumpCount).toBe(1);
  });

  it('takes a pause that lasted on the wall as well for a gap, and no jump', () => {
    const { clock, wall, timeOf } = fixture();
    timeOf(0n);
    wall.sec = 60;
    expect(timeOf(60n * 90_000n)).toBe(60 * NS_PER_SEC);
    expect(clock.jumpCount).toBe(0);
  });

  it('moves the sound by as much, also where the sender counts from 1970', () => {
    const { clock, timeOf } = fixture();
    const epoch = 1_790_000_000n;
    expect(timeOf(epoch * 90_000n)).toBe(0);
    expect(clock.offsetIn({ num: 1, den: 48_000 })).toBe(-epoch * 48_000n);
  });

  it('takes pictures that are stored before others for no step back', () => {
    const { clock, timeOf } = fixture();
    const times = [
      [0n, -2n * FRAME],
      [3n * FRAME, -FRAME],
      [FRAME, 0n],
      [2n * FRAME, FRAME],
    ].map(([pts, dts]) => timeOf(pts!, dts));
    expect(times).toEqual([0, 100_000_000, 33_333_333, 66_666_667]);
    expect(clock.jumpCount).toBe(0);
  });
});
