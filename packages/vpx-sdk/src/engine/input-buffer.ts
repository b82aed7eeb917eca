/** The memory of a network's input, used again from call to call when the size stays. */
export class InputBuffer {
  #spare: Float32Array<ArrayBuffer> | undefined;

  /** Memory for `length` numbers; holds whatever was there before. */
  take(length: number): Float32Array<ArrayBuffer> {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.length === length ? spare : new Float32Array(length);
  }

  /** Takes the memory back, for the engine's `recycle`. */
  giveBack(buffer: Float32Array<ArrayBuffer>): void {
    this.#spare = buffer;
  }
}
