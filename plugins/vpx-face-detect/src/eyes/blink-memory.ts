import { NS_PER_SEC } from 'vpx-sdk';

/** Eyes that stay closed for longer than this do not blink (blinks take 0.1 to 0.4 s). */
const MAX_BLINK_NS = 0.5 * NS_PER_SEC;
/** After a gap in time longer than this, what the eyes did in between is unknown. */
const MAX_GAP_NS = 0.3 * NS_PER_SEC;

/** What {@link BlinkMemory} says of one frame. */
export interface BlinkState {
  readonly isBlinking: boolean;
  /** Blinks that have ended so far. */
  readonly blinkCount: number;
}

/** Counts the blinks of one person. */
export class BlinkMemory {
  #closedSinceNs: number | undefined;
  #blinkCount = 0;
  #lastNs = -Infinity;

  /** @param areClosed - Whether both eyes are closed at `tNs`, in order of time. */
  update(areClosed: boolean, tNs: number): BlinkState {
    if (tNs - this.#lastNs > MAX_GAP_NS) this.#closedSinceNs = undefined;
    const isFirst = this.#lastNs === -Infinity;
    this.#lastNs = tNs;
    const sinceNs = this.#closedSinceNs;
    if (!areClosed) {
      if (sinceNs !== undefined && tNs - sinceNs <= MAX_BLINK_NS) this.#blinkCount++;
      this.#closedSinceNs = undefined;
      return { isBlinking: false, blinkCount: this.#blinkCount };
    }
    // Eyes that are closed when they are first seen may have been so for long.
    if (sinceNs === undefined) this.#closedSinceNs = isFirst ? -Infinity : tNs;
    const isBlinking = tNs - this.#closedSinceNs! <= MAX_BLINK_NS;
    return { isBlinking, blinkCount: this.#blinkCount };
  }
}
