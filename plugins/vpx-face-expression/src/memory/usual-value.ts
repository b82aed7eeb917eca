import { timeShare } from './time-share.ts';

// Brows come down to where they belong within seconds, and may stay up for long.
const FALL_SEC = 2;
const RISE_SEC = 30;

/** What a measure of one person usually is, if it now and then rises above that for a while. */
export class UsualValue {
  #usual: number | undefined;

  /** Takes the next value. @returns What is usual by now; at first the value itself. */
  update(value: number, dtSec: number): number {
    if (this.#usual === undefined) return (this.#usual = value);
    const constantSec = value < this.#usual ? FALL_SEC : RISE_SEC;
    return (this.#usual += (value - this.#usual) * timeShare(dtSec, constantSec));
  }
}
