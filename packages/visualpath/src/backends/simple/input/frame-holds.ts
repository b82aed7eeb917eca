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

  /**
   * @param slotCount - Frames of the source that may be held; undefined: any number.
   * @param isCopying - Whether every frame gets pixels of its own, so that it can be kept for later
   * while somebody is reading it.
   */
  constructor(slotCount: number | undefined, isCopying: boolean) {
    const spare = Math.max(0, (slotCount ?? Infinity) - SPARE_SLOTS);
    this.#maxInSlots = isCopying ? 0 : spare;
  }

  /** Holds a frame that has just come, before anybody looks at it. */
  hold(frame: Frame): void {
    frame.retain();
    const count = this.#inSlots.get(frame);
    if (count !== undefined) this.#inSlots.set(frame, count + 1);
    else if (this.#inSlots.size < this.#maxInSlots) this.#inSlots.set(frame, 1);
    else frame.detach();
  }

  /** Lets every frame go that is still held in a slot. */
  releaseAll(): void {
    for (const [frame, count] of this.#inSlots) {
      for (let i = 0; i < count; i++) frame.release();
    }
    this.#inSlots.clear();
  }

  /** Lets a frame go that was held. */
  release(frame: Frame): void {
    const count = this.#inSlots.get(frame);
    if (count === 1) this.#inSlots.delete(frame);
    else if (count !== undefined) this.#inSlots.set(frame, count - 1);
    frame.release();
  }
}
