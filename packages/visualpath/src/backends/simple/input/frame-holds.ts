import type { Frame } from 'visualbase';

/** Slots that are left to the source and to modules that retain a frame. */
const SPARE_SLOTS = 2;

/**
 * Frames held beyond the time for which they are lent. Where the source has few slots, those that would
 * take the last ones get pixels of their own.
 */
export class FrameHolds {
  readonly #inSlots = new Set<Frame>();
  readonly #maxInSlots: number;

  /** @param slotCount - Frames of the source that may be held; undefined: any number. */
  constructor(slotCount: number | undefined) {
    this.#maxInSlots = slotCount === undefined ? Infinity : Math.max(0, slotCount - SPARE_SLOTS);
  }

  /** Holds a frame that has just come, before anybody looks at it. */
  hold(frame: Frame): void {
    frame.retain();
    if (this.#inSlots.size < this.#maxInSlots) this.#inSlots.add(frame);
    else frame.detach();
  }

  /** Lets a frame go that was held. */
  release(frame: Frame): void {
    this.#inSlots.delete(frame);
    frame.release();
  }
}
