/** More than run at a time on most machines. */
const MAX_SPARE = 8;

/** The memory of a network's inputs, used again from call to call while the size stays. */
export class InputBuffers {
  readonly #spare: Float32Array<ArrayBuffer>[] = [];

  /** Memory for `length` numbers; holds whatever was there before. */
  take(length: number): Float32Array<ArrayBuffer> {
    const spare = this.#spare.pop();
    return spare?.length === length ? spare : new Float32Array(length);
  }

  /** Takes memory back, for the engine's `recycle`. */
  giveBack(buffer: Float32Array<ArrayBuffer>): void {
    if (this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
  }
}
