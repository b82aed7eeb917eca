/**
 * Numbers pictures by their place in the source when decoding does not begin at its first one: the
 * index of a picture is the number of packets, of all read so far, that are shown before it. (The
 * decoder puts a picture out only when everything shown before it has been sent.)
 */
export class PictureIndex {
  #ptsBefore: bigint[] = [];
  #next: number | undefined;

  /** Records a packet, in the order of the file, until the first picture is numbered. */
  addPacket(pts: bigint): void {
    if (this.#next === undefined) this.#ptsBefore.push(pts);
  }

  /** The index of the next picture in presentation order; `pts` counts for the first one only. */
  next(pts: bigint): number {
    if (this.#next === undefined) {
      let before = 0;
      for (const packetPts of this.#ptsBefore) if (packetPts < pts) before += 1;
      this.#ptsBefore = [];
      this.#next = before;
    }
    return this.#next++;
  }
}
