import { VisualError } from '../errors/visual-error.ts';

/** Nanoseconds in one second. */
export const NS_PER_SEC = 1_000_000_000;

/** Nanoseconds in one millisecond. */
export const NS_PER_MS = 1_000_000;

/** Converts seconds to whole nanoseconds, rounded to nearest. */
export const secToNs = (sec: number): number => Math.round(sec * NS_PER_SEC);

/** Converts nanoseconds to seconds. */
export const nsToSec = (tNs: number): number => tNs / NS_PER_SEC;

/**
 * Rescales a timestamp in ticks to whole nanoseconds, rounded to nearest, halves away from zero.
 * Exact for any timebase, since it is computed in integers.
 *
 * @param ticks - The timestamp, in units of `num / den` seconds.
 * @throws VisualError `VB_TIME_TOO_FAR` if the result is not exactly representable (beyond 104 days).
 */
export function ticksToNs(ticks: bigint, num: number, den: number): number {
  const tNs = tryTicksToNs(ticks, num, den);
  if (tNs === undefined) {
    throw new VisualError(
      'VB_TIME_TOO_FAR',
      `Timestamp ${String(ticks)} at timebase ${num}/${den} is beyond 104 days and cannot be held exactly in nanoseconds. The file is damaged; if its clock shows the date, remux it to start at 0.`,
      { details: { ticks: String(ticks), num, den } },
    );
  }
  return tNs;
}

/** As {@link ticksToNs}, and undefined for what is beyond 104 days: in media files, that is damage. */
export function tryTicksToNs(ticks: bigint, num: number, den: number): number | undefined {
  if (den === 0) return undefined;
  const scaled = ticks * BigInt(num) * 2n * BigInt(NS_PER_SEC);
  const divisor = BigInt(den);
  const half = scaled < 0n ? -divisor : divisor;
  const tNs = Number((scaled + half) / (2n * divisor));
  return Number.isSafeInteger(tNs) ? tNs : undefined;
}

/** The inverse of {@link ticksToNs}: nanoseconds to ticks of `num / den` seconds, rounded to nearest. */
export function nsToTicks(tNs: number, num: number, den: number): bigint {
  const scaled = BigInt(Math.round(tNs)) * BigInt(den) * 2n;
  const divisor = BigInt(num) * BigInt(NS_PER_SEC);
  const half = scaled < 0n ? -divisor : divisor;
  return (scaled + half) / (2n * divisor);
}
