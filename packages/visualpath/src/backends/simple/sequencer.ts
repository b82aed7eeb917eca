/**
 * Lets groups of frames through one at a time, in order of their numbers, for what must see them so
 * while several are in flight.
 */
export class Sequencer {
  #next = 0;
  readonly #waiting = new Map<number, () => void>();

  /** Undefined if it is this group's turn already, else a promise of it. */
  enter(number: number): Promise<void> | undefined {
    if (number === this.#next) return undefined;
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  /** Lets the next group in. */
  leave(): void {
    this.#next += 1;
    const wake = this.#waiting.get(this.#next);
    if (wake === undefined) return;
    this.#waiting.delete(this.#next);
    wake();
  }
}
