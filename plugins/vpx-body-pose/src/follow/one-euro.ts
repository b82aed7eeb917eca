/** Settings of a {@link OneEuroFilter}. */
export interface OneEuroOptions {
  /** Cutoff for a value at rest, Hz: lower is steadier. */
  readonly minCutoffHz: number;
  /** How much the cutoff rises with speed, Hz for each unit per second: higher lags less. */
  readonly beta: number;
  /** Cutoff for the speed itself, Hz. */
  readonly speedCutoffHz: number;
}

/**
 * Smooths a value that jitters: strongly at rest, hardly in motion.
 *
 * @see Casiez, Roussel and Vogel, "1 € Filter", CHI 2012.
 */
export class OneEuroFilter {
  readonly #options: OneEuroOptions;
  #last: { readonly raw: number; readonly value: number; readonly speed: number } | undefined;

  constructor(options: OneEuroOptions) {
    this.#options = options;
  }

  /**
   * The next value, smoothed.
   *
   * @param stepSec - Time since the value before, above 0.
   * @param unit - What `beta` counts speed in, in units of `raw`.
   */
  next(raw: number, stepSec: number, unit: number): number {
    const last = this.#last;
    if (last === undefined) {
      this.#last = { raw, value: raw, speed: 0 };
      return raw;
    }
    const { minCutoffHz, beta, speedCutoffHz } = this.#options;
    const rawSpeed = (raw - last.raw) / stepSec / unit;
    const speed = blend(last.speed, rawSpeed, speedCutoffHz, stepSec);
    const value = blend(last.value, raw, minCutoffHz + beta * Math.abs(speed), stepSec);
    this.#last = { raw, value, speed };
    return value;
  }
}

/** A low pass of first order. */
function blend(from: number, to: number, cutoffHz: number, stepSec: number): number {
  const share = 1 / (1 + 1 / (2 * Math.PI * cutoffHz * stepSec));
  return from + share * (to - from);
}
