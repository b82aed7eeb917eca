/** More than any codec reorders; a stream that needs more has times that cannot be trusted. */
const MAX_HELD = 128;

interface Held<T> {
  readonly item: T;
  readonly pts: number;
  isWanted: boolean | undefined;
}

/**
 * Tells of each packet, before it is decoded, whether its picture will be wanted, so that a decoder may
 * leave out what nobody needs. Pictures are judged in the order in which they are shown, for which a
 * packet is held back until no later one can be shown before it: one that is stored at `dts` is shown
 * at `dts` or later.
 *
 * Where times contradict that, everything from there on is wanted.
 */
export class WantedAhead<T> {
  readonly #judge: (pts: number) => boolean;
  readonly #emit: (item: T, isWanted: boolean) => void;
  /** As stored. */
  #held: Held<T>[] = [];
  /** Those not yet judged, as shown. */
  #open: Held<T>[] = [];
  #judgedPts = -Infinity;
  #isTrusting = true;

  /**
   * @param judge - Called once for each picture, in the order in which they are shown.
   * @param emit - Gets the packets in the order in which they were added.
   */
  constructor(judge: (pts: number) => boolean, emit: (item: T, isWanted: boolean) => void) {
    this.#judge = judge;
    this.#emit = emit;
  }

  /** False from where everything is wanted. */
  get isTrusting(): boolean {
    return this.#isTrusting;
  }

  /**
   * Adds the next packet as stored.
   *
   * @param dts - Undefined if unknown.
   */
  add(item: T, pts: number | undefined, dts: number | undefined): void {
    if (pts === undefined || pts <= this.#judgedPts || (dts ?? pts) > pts) this.giveUp();
    if (!this.#isTrusting || pts === undefined) {
      this.#emit(item, true);
      return;
    }
    const held = { item, pts, isWanted: undefined };
    this.#held.push(held);
    const at = this.#open.findLastIndex((other) => other.pts <= pts) + 1;
    this.#open.splice(at, 0, held);
    if (dts !== undefined) this.#judgeUntil(dts);
    this.#release();
    if (this.#held.length > MAX_HELD) this.giveUp();
  }

  /** Gives out everything that is held, when there are no more packets. */
  flush(): void {
    this.#judgeUntil(Infinity);
    this.#release();
  }

  /** From here on everything is wanted. */
  giveUp(): void {
    this.#isTrusting = false;
    for (const { item, isWanted } of this.#held) this.#emit(item, isWanted ?? true);
    this.#held = [];
    this.#open = [];
  }

  /** Takes back, unused, what is held. */
  clear(): readonly T[] {
    const items = this.#held.map(({ item }) => item);
    this.#held = [];
    this.#open = [];
    return items;
  }

  #judgeUntil(lastPts: number): void {
    let count = 0;
    for (const held of this.#open) {
      if (held.pts > lastPts) break;
      held.isWanted = this.#judge(held.pts);
      this.#judgedPts = held.pts;
      count += 1;
    }
    if (count > 0) this.#open.splice(0, count);
  }

  #release(): void {
    const first = this.#held.findIndex(({ isWanted }) => isWanted === undefined);
    const ready = first < 0 ? this.#held.length : first;
    for (const { item, isWanted } of this.#held.splice(0, ready))
      this.#emit(item, isWanted ?? true);
  }
}
