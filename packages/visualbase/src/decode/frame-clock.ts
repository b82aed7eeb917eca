import type { Rational } from '../probe/media-info.ts';
import { NS_PER_SEC, tryTicksToNs } from '../time/ns.ts';

/** Below one picture in 100 seconds, a rate is a mistake of the file. */
const MIN_FPS = 0.01;
/** Leaves room for times that are made up behind it. */
const MAX_NS = 100 * 24 * 3600 * NS_PER_SEC;

/**
 * Turns decoder timestamps into media time: exact nanoseconds since the start of the stream,
 * strictly increasing whatever the file says.
 */
export class FrameClock {
  readonly #timebase: Rational;
  readonly #startTicks: bigint | undefined;
  readonly #frameNs: number;
  #originTicks: bigint | undefined;
  #lastNs = -1;

  /** Pictures whose time was missing or did not increase, and had to be made up. */
  repairedCount = 0;

  /**
   * @param startTicks - The stream's start; undefined if the container does not say, then the first
   * picture is at 0.
   * @param fps - Average rate, used where a timestamp is missing; 0 if unknown (then 25).
   */
  constructor(timebase: Rational, startTicks: bigint | undefined, fps: number) {
    this.#timebase = timebase;
    this.#startTicks = startTicks;
    this.#frameNs = Math.round(NS_PER_SEC / (fps >= MIN_FPS ? fps : 25));
  }

  /** Media time of the next picture in presentation order; `ticks` undefined if it has none. */
  next(ticks: bigint | undefined): number {
    const tNs = this.#convert(ticks);
    if (tNs > this.#lastNs) return (this.#lastNs = tNs);
    this.repairedCount += 1;
    // The smallest step keeps the pictures that follow, whose times may be right, exact.
    return (this.#lastNs += 1);
  }

  #convert(ticks: bigint | undefined): number {
    const tNs = ticks === undefined ? undefined : this.#sinceStart(ticks);
    if (tNs !== undefined) return tNs;
    this.repairedCount += 1;
    return this.#lastNs < 0 ? 0 : this.#lastNs + this.#frameNs;
  }

  #sinceStart(ticks: bigint): number | undefined {
    this.#originTicks ??= this.#startTicks ?? ticks;
    const tNs = tryTicksToNs(ticks - this.#originTicks, this.#timebase.num, this.#timebase.den);
    return tNs !== undefined && tNs <= MAX_NS ? tNs : undefined;
  }
}
