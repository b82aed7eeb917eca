/**
 * Presentation times for containers that store decoding times only (AVI): the decoder then labels
 * pictures late by as many as it holds back for reordering, and the last ones not at all.
 */
export class DecodeOrderTimes {
  readonly #startTicks: bigint;
  #delay: bigint | undefined;
  #last: bigint | undefined;

  /** @param startTicks - Decoding time of the first packet, when the first picture is shown. */
  constructor(startTicks: bigint) {
    this.#startTicks = startTicks;
  }

  /**
   * The time of the next picture.
   *
   * @param label - What the decoder says, if it says anything.
   * @param duration - Of the picture, in ticks; 0 if unknown.
   */
  next(label: bigint | undefined, duration: bigint): bigint {
    if (label !== undefined) {
      this.#delay ??= label - this.#startTicks;
      return (this.#last = label - this.#delay);
    }
    const step = duration > 0n ? duration : 1n;
    this.#last = this.#last === undefined ? this.#startTicks : this.#last + step;
    return this.#last;
  }
}
