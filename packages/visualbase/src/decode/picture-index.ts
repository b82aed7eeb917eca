/**
 * Numbers pictures by their place in the source, whatever is left out, skipped or lost on the way to
 * them: the index of a picture is the number of packets that are shown before it. (A decoder puts a
 * picture out only when everything shown before it has been sent.)
 */
export class PictureIndex {
  /** Times of packets that are shown after the last picture, ascending; those before `#head` are done. */
  #waiting: number[] = [];
  #head = 0;
  #doneCount = 0;
  #last = -1;
  #isCounting = false;

  /**
   * Records a packet, in the order of the file.
   *
   * @param pts - Undefined if the container does not say when the packet is shown. From then on
   * pictures are counted as they come.
   */
  addPacket(pts: bigint | undefined): void {
    if (pts === undefined) this.#isCounting = true;
    if (pts === undefined || this.#isCounting) return;
    const time = Number(pts);
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > this.#head && waiting[at - 1]! > time) at -= 1;
    if (at === waiting.length) waiting.push(time);
    else waiting.splice(at, 0, time);
  }

  /** The index of the next picture in presentation order. */
  next(pts: bigint | undefined): number {
    if (pts === undefined || this.#isCounting) return (this.#last += 1);
    const time = Number(pts);
    while (this.#head < this.#waiting.length && this.#waiting[this.#head]! < time) this.#head += 1;
    const index = this.#doneCount + this.#head;
    if (this.#head >= COMPACT_AT) {
      this.#doneCount += this.#head;
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    // Two packets of one time, or a time that the decoder had to guess.
    return (this.#last = Math.max(this.#last + 1, index));
  }
}

const COMPACT_AT = 1024;
