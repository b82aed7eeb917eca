import type { Rational } from '../probe/media-info.ts';
import { NS_PER_SEC, nsToTicks, ticksToNs, tryTicksToNs } from '../time/ns.ts';

/** A step back beyond this is a new beginning, and no reordering. */
const MAX_BACK_NS = NS_PER_SEC;
/** A step ahead of the last packet and of the wall clock beyond this is a new beginning, and no gap. */
const MAX_AHEAD_NS = 10 * NS_PER_SEC;

/**
 * Carries the timestamps of a live stream over to media time: from 0 at the first picture, never back,
 * also across reconnects and jumps of the sender's clock. What was missed in between shows as a gap as
 * long as it lasted on the wall clock.
 */
export class LiveClock {
  readonly #elapsedNs: () => number;
  #timebase: Rational = { num: 1, den: 1000 };
  #offsetTicks: bigint | undefined;
  #newestNs = -1;
  #stepNs = 0;

  /** Times that the sender's clock jumped within one connection. */
  jumpCount = 0;

  /** @param elapsedNs - Wall time since the stream began. */
  constructor(elapsedNs: () => number) {
    this.#elapsedNs = elapsedNs;
  }

  /** Begins a connection, whose timestamps have nothing to do with those before. */
  begin(timebase: Rational, fps: number): void {
    this.#timebase = timebase;
    this.#offsetTicks = undefined;
    this.#stepNs = Math.round(NS_PER_SEC / (fps > 0 ? fps : 25));
  }

  /** True once a picture of the connection has fixed what its timestamps mean. */
  get isAnchored(): boolean {
    return this.#offsetTicks !== undefined;
  }

  /** What to add to the timestamps of another stream of the connection, in its own ticks. */
  offsetIn({ num, den }: Rational): bigint {
    const ours = this.#timebase;
    const scaled = (this.#offsetTicks ?? 0n) * BigInt(ours.num) * BigInt(den);
    return scaled / (BigInt(ours.den) * BigInt(num));
  }

  /**
   * What to add, in ticks, to the timestamps of the next video packet as stored.
   *
   * @param pts - When it is shown; undefined if the sender does not say, then it is shown now.
   * @param dts - When it is decoded.
   */
  offsetFor(pts: bigint, dts: bigint | undefined): bigint {
    const { num, den } = this.#timebase;
    const reference = dts ?? pts;
    let offset = this.#offsetTicks;
    if (offset !== undefined) {
      const tNs = tryTicksToNs(reference + offset, num, den);
      const latest = Math.max(this.#newestNs, this.#elapsedNs());
      const isJump =
        tNs === undefined || tNs < this.#newestNs - MAX_BACK_NS || tNs > latest + MAX_AHEAD_NS;
      if (isJump) {
        this.jumpCount += 1;
        offset = undefined;
      }
    }
    offset ??= nsToTicks(this.#nextStartNs(), num, den) - pts;
    this.#offsetTicks = offset;
    this.#newestNs = Math.max(this.#newestNs, ticksToNs(pts + offset, num, den));
    return offset;
  }

  #nextStartNs(): number {
    if (this.#newestNs < 0) return 0;
    return Math.max(this.#newestNs + this.#stepNs, this.#elapsedNs());
  }
}
