import type { Frame } from 'visualbase';

/** Slots that are left to the source and to modules that retain a frame. */
const SPARE_SLOTS = 2;

/**
 * Frames held beyond the time for which they are lent. Where the source has few slots, those that would
 * take the last ones get pixels of their own.
 */
export class FrameHolds {
  /** Frames in slots of the source, and how many times each is held. */
  readonly #inSlots = new Map<Frame, number>();
  readonly #maxInSlots: number;

  /** @param slotCount - Frames of the source that may be held; undefined: any number. */
  constructor(slotCount: number | undefined) {
    this.#maxInSlots = slotCount === undefined ? Infinity : Math.max(0, slotCount - SPARE_SLOTS);
  }

  /** Holds a frame that has just come, before anybody looks at it. */
  hold(frame: Frame): void {
    frame.retain();
    const count = this.#inSlots.get(frame);
    if (count !== undefined) this.#inSlots.set(frame, count + 1);
    else if (this.#inSlots.size < this.#maxInSlots) this.#inSlots.set(frame, 1);
    else frame.detach();
  }

  /** Lets a frame go that was held. */
  release(frame: Frame): void {
    const count = this.#inSlots.get(frame);
    if (count === 1) this.#inSlots.delete(frame);
    else if (count !== undefined) this.#inSlots.set(frame, count - 1);
    frame.release();
  }
}
