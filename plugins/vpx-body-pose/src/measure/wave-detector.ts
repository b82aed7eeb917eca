import { NS_PER_SEC } from 'vpx-sdk';

/** A swing back that is smaller than this, in lengths of the trunk, is no turn. */
const MIN_SWING = 0.12;
/** So many turns within the window are a wave: to, fro and to again. */
const TURN_COUNT = 3;
const WINDOW_NS = 2 * NS_PER_SEC;
/** A wave is over when its last turn is this long ago. */
const HOLD_NS = 0.8 * NS_PER_SEC;
/** A hand that was out of place for longer starts anew. */
const MAX_GAP_NS = 0.25 * NS_PER_SEC;

/** Tells from where a hand is, frame by frame, whether it goes to and fro. Depends on media time only. */
export class WaveDetector {
  #turnsNs: number[] = [];
  /** The way the hand goes: 1, -1, or 0 while it is not known. */
  #way = 0;
  #highest = 0;
  #lowest = 0;
  /** The furthest point on the way, and when it was there. */
  #extremeNs = 0;
  #lastNs = -Infinity;

  /**
   * @param x - Place of the hand across the body, in lengths of the trunk; `undefined` if it is not
   * where a waving hand is.
   * @returns True while the hand waves.
   */
  update(x: number | undefined, tNs: number): boolean {
    if (tNs < this.#lastNs || tNs - this.#lastNs > MAX_GAP_NS) this.#start();
    if (x !== undefined) {
      if (this.#lastNs === -Infinity) this.#highest = this.#lowest = x;
      this.#lastNs = tNs;
      this.#track(x, tNs);
    }
    this.#turnsNs = this.#turnsNs.filter((turnNs) => tNs - turnNs <= WINDOW_NS);
    const last = this.#turnsNs.at(-1) ?? -Infinity;
    return this.#turnsNs.length >= TURN_COUNT && tNs - last <= HOLD_NS;
  }

  #start(): void {
    this.#turnsNs = [];
    this.#way = 0;
    this.#lastNs = -Infinity;
  }

  #track(x: number, tNs: number): void {
    if (x > this.#highest) {
      this.#highest = x;
      if (this.#way > 0) this.#extremeNs = tNs;
    }
    if (x < this.#lowest) {
      this.#lowest = x;
      if (this.#way < 0) this.#extremeNs = tNs;
    }
    if (this.#way >= 0 && this.#highest - x >= MIN_SWING) this.#turn(-1, x, tNs);
    else if (this.#way <= 0 && x - this.#lowest >= MIN_SWING) this.#turn(1, x, tNs);
  }

  #turn(way: 1 | -1, x: number, tNs: number): void {
    // The first move has a direction, but turns nothing back.
    if (this.#way !== 0) this.#turnsNs.push(this.#extremeNs);
    this.#way = way;
    this.#extremeNs = tNs;
    if (way > 0) this.#highest = x;
    else this.#lowest = x;
  }
}
