import { NS_PER_SEC } from 'visualbase';

/** Settings of the smile gate; every value has a default. */
export interface SmileGateOptions {
  /** Least smoothed smile, 0..1, whoever smiles. Default 0.7. */
  readonly minSmile?: number;
  /** Least rise over the person's own usual smile. Default 0.35. */
  readonly minRise?: number;
  /** Seconds that a smile must hold. Default 0.5. */
  readonly holdSec?: number;
}

/** A smile that has risen and held. */
export interface SmileEvent {
  /** When it had risen. */
  readonly startNs: number;
  /** Smoothed smile now, 0..1. */
  readonly smile: number;
  /** Over the person's usual smile. */
  readonly rise: number;
}

// Time constants of the exponential means, in seconds: landmarks jitter from frame to frame; the usual
// face of a person is found quickly when it relaxes, and forgotten slowly while it smiles.
const SMOOTHING_SEC = 0.2;
const RELAX_SEC = 2;
const RAISE_SEC = 60;
/** Nobody is taken to smile by nature more than this before they have been seen at rest. */
const FIRST_USUAL = 0.25;
/** The gate closes below these shares of what opens it. */
const CLOSE_SHARE = 0.6;

const share = (dtSec: number, constantSec: number): number => 1 - Math.exp(-dtSec / constantSec);

/**
 * Tells when one person begins to smile: the smile stands out from that person's own usual face, and
 * holds. Opens once for each smile; closes with hysteresis. Decides by media time, at any frame rate.
 */
export class SmileGate {
  readonly #minSmile: number;
  readonly #minRise: number;
  readonly #holdNs: number;
  #lastNs: number | undefined;
  #smooth = 0;
  #usual = 0;
  #risenNs: number | undefined;
  #isOpen = false;

  constructor(options: SmileGateOptions = {}) {
    this.#minSmile = options.minSmile ?? 0.7;
    this.#minRise = options.minRise ?? 0.35;
    this.#holdNs = (options.holdSec ?? 0.5) * NS_PER_SEC;
  }

  /** The person's usual smile as known so far, 0..1. */
  get usual(): number {
    return this.#usual;
  }

  /** Takes the person's smile (0..1) at a time; gives the event once a smile has held. */
  update(smile: number, tNs: number): SmileEvent | undefined {
    this.#follow(smile, tNs);
    const rise = this.#smooth - this.#usual;
    if (this.#isOpen) {
      const isOver =
        this.#smooth < this.#minSmile * CLOSE_SHARE || rise < this.#minRise * CLOSE_SHARE;
      if (isOver) this.#isOpen = false;
      return undefined;
    }
    if (this.#smooth < this.#minSmile || rise < this.#minRise) {
      this.#risenNs = undefined;
      return undefined;
    }
    this.#risenNs ??= tNs;
    if (tNs - this.#risenNs < this.#holdNs) return undefined;
    const startNs = this.#risenNs;
    this.#isOpen = true;
    this.#risenNs = undefined;
    return { startNs, smile: this.#smooth, rise };
  }

  #follow(smile: number, tNs: number): void {
    if (this.#lastNs === undefined) {
      this.#smooth = smile;
      this.#usual = Math.min(smile, FIRST_USUAL);
    } else {
      const dtSec = (tNs - this.#lastNs) / NS_PER_SEC;
      this.#smooth += (smile - this.#smooth) * share(dtSec, SMOOTHING_SEC);
      const constantSec = this.#smooth < this.#usual ? RELAX_SEC : RAISE_SEC;
      this.#usual += (this.#smooth - this.#usual) * share(dtSec, constantSec);
    }
    this.#lastNs = tNs;
  }
}
