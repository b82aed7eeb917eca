import { NS_PER_SEC } from 'visualbase';

/** Options of {@link OneEuroFilter}. */
export interface OneEuroOptions {
  /**
   * Cutoff for values at rest, Hz. Lower: steadier at rest, and slower to follow. Default 1.
   */
  readonly minCutoffHz?: number;
  /**
   * How much the cutoff rises with speed: Hz per (unit of the values and second). Higher: less lag in
   * motion, and less smooth. Depends on the unit of the values. Default 0.007, the paper's for pixels.
   */
  readonly beta?: number;
  /** Cutoff for the speed itself, Hz. Default 1, which the paper says to leave alone. */
  readonly speedCutoffHz?: number;
}

/**
 * Smooths values that tremble: strongly while they rest, when trembling is what one sees, and
 * weakly while they move, when lag is. An exponential low-pass whose cutoff rises with the speed, for
 * any number of values at once, each with a speed of its own: that of the values as they come, as in
 * MediaPipe, not of the smoothed ones, as in the paper, where lag counts as speed.
 *
 * **Gotchas**: one filter for one thing; `reset()` when it is another's turn. Times are media times,
 * so that the result depends on the video alone.
 *
 * @see Casiez, Roussel, Vogel: 1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
 * Interactive Systems. CHI 2012, doi:10.1145/2207676.2208639.
 */
export class OneEuroFilter {
  readonly #minCutoffHz: number;
  readonly #beta: number;
  readonly #speedCutoffHz: number;
  #values: Float64Array | undefined;
  #rawValues = new Float64Array(0);
  #speeds = new Float64Array(0);
  #lastNs = 0;

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: OneEuroOptions = {}) {
    const { minCutoffHz = 1, beta = 0.007, speedCutoffHz = 1 } = options;
    if (!(minCutoffHz > 0 && speedCutoffHz > 0)) {
      throw new RangeError(
        `The \`minCutoffHz\` and \`speedCutoffHz\` options must be above 0, got ${minCutoffHz} and ${speedCutoffHz}.`,
      );
    }
    if (!(beta >= 0)) {
      throw new RangeError(`The \`beta\` option must be a number from 0, got ${beta}.`);
    }
    this.#minCutoffHz = minCutoffHz;
    this.#beta = beta;
    this.#speedCutoffHz = speedCutoffHz;
  }

  /**
   * The smoothed values; the first ones come back as they are. Never mutates `values`.
   *
   * @param tNs - Media time, later than that of the call before; otherwise the filter starts anew.
   * @param unit - What counts as 1 for `beta`, in the unit of the values, as the size of the thing
   * in pixels: near and far ones are then smoothed alike. Default 1.
   * @throws RangeError if the number of values differs from the call before.
   */
  filter(values: Readonly<Float32Array>, tNs: number, unit = 1): Float32Array {
    if (this.#values === undefined || tNs <= this.#lastNs) return this.#start(values, tNs);
    if (values.length !== this.#values.length) {
      throw new RangeError(
        `The filter smooths ${this.#values.length} values, got ${values.length}. Call reset() first.`,
      );
    }
    const sec = (tNs - this.#lastNs) / NS_PER_SEC;
    this.#lastNs = tNs;
    const speedGain = gain(this.#speedCutoffHz, sec);
    const out = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const was = this.#values[i]!;
      const rawSpeed = (values[i]! - this.#rawValues[i]!) / sec;
      this.#rawValues[i] = values[i]!;
      const speed = this.#speeds[i]! + speedGain * (rawSpeed - this.#speeds[i]!);
      this.#speeds[i] = speed;
      const cutoffHz = this.#minCutoffHz + this.#beta * (Math.abs(speed) / unit);
      const smooth = was + gain(cutoffHz, sec) * (values[i]! - was);
      this.#values[i] = smooth;
      out[i] = smooth;
    }
    return out;
  }

  /** Forgets what came before. */
  reset(): void {
    this.#values = undefined;
  }

  #start(values: Readonly<Float32Array>, tNs: number): Float32Array {
    this.#values = Float64Array.from(values);
    this.#rawValues = Float64Array.from(values);
    this.#speeds = new Float64Array(values.length);
    this.#lastNs = tNs;
    return Float32Array.from(values);
  }
}

/** Share of a new value in the smoothed one: that of a first-order low-pass over `sec` seconds. */
const gain = (cutoffHz: number, sec: number): number => {
  const turns = 2 * Math.PI * cutoffHz * sec;
  return turns / (turns + 1);
};
