import { NS_PER_SEC } from 'visualbase';

/** Options of {@link KalmanFilter}; lengths in the unit of the values. */
export interface KalmanOptions {
  /** Standard deviation of a measurement: how much values tremble at rest. Default 1. */
  readonly measurementStd?: number;
  /**
   * Standard deviation of the acceleration, per s²: how suddenly things set off and stop. Only its
   * ratio to `measurementStd` counts for smoothing: higher lags less, lower is steadier. Default 50.
   */
  readonly accelerationStd?: number;
  /** Standard deviation of the speed at the first measurement, per s. Default `accelerationStd` x 1 s. */
  readonly startSpeedStd?: number;
  /**
   * Seconds in which an unseen thing loses 63 % of its speed, so that a prediction does not run away.
   * Default Infinity: constant speed.
   */
  readonly speedMemorySec?: number;
}

/**
 * Smooths and predicts values that move: a Kalman filter with constant speed and random acceleration
 * for any number of values at once. All have the same noise, and so share one covariance of 2 x 2.
 *
 * Compared with `OneEuroFilter`, it knows how fast things go and how sure it is, and lags less in
 * steady motion; it trembles more at rest.
 *
 * **Gotchas**: one filter for one thing. Times are media times, so that the result depends on the
 * video alone.
 *
 * @see Kalman: A New Approach to Linear Filtering and Prediction Problems. 1960,
 * doi:10.1115/1.3662552; the model of motion: Bar-Shalom, Li, Kirubarajan: Estimation with Applications
 * to Tracking and Navigation, 2001, section 6.3.2 (discrete white noise acceleration).
 */
export class KalmanFilter {
  readonly #measurementVar: number;
  readonly #accelerationVar: number;
  readonly #startSpeedVar: number;
  readonly #speedMemorySec: number;
  #values: Float64Array | undefined;
  #speeds = new Float64Array(0);
  /** Variance of the values, covariance with the speeds, variance of the speeds. */
  #covariance: Covariance = { value: 0, shared: 0, speed: 0 };
  #lastNs = 0;

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: KalmanOptions = {}) {
    const { measurementStd = 1, accelerationStd = 50, speedMemorySec = Infinity } = options;
    const { startSpeedStd = accelerationStd } = options;
    for (const [name, value] of Object.entries({
      ...{ measurementStd, accelerationStd, startSpeedStd, speedMemorySec },
    })) {
      if (!(value > 0)) {
        throw new RangeError(`The \`${name}\` option must be a number above 0, got ${value}.`);
      }
    }
    this.#measurementVar = measurementStd ** 2;
    this.#accelerationVar = accelerationStd ** 2;
    this.#startSpeedVar = startSpeedStd ** 2;
    this.#speedMemorySec = speedMemorySec;
  }

  /**
   * Takes a measurement and gives the smoothed values; the first ones come back as they are. Never
   * mutates `values`.
   *
   * @param tNs - Media time, later than that of the call before; otherwise the filter starts anew.
   * @throws RangeError if the number of values differs from the call before.
   */
  filter(values: ArrayLike<number>, tNs: number): Float32Array {
    if (this.#values === undefined || tNs <= this.#lastNs) return this.#start(values, tNs);
    this.#checkLength(values);
    const { covariance, reach, keep } = this.#ahead(tNs);
    const valueGain = covariance.value / (covariance.value + this.#measurementVar);
    const speedGain = covariance.shared / (covariance.value + this.#measurementVar);
    for (let i = 0; i < values.length; i++) {
      const expected = this.#values[i]! + reach * this.#speeds[i]!;
      const surprise = values[i]! - expected;
      this.#values[i] = expected + valueGain * surprise;
      this.#speeds[i] = keep * this.#speeds[i]! + speedGain * surprise;
    }
    this.#covariance = {
      value: covariance.value * (1 - valueGain),
      shared: covariance.shared * (1 - valueGain),
      speed: covariance.speed - speedGain * covariance.shared,
    };
    this.#lastNs = tNs;
    return Float32Array.from(this.#values);
  }

  /**
   * Where the values should be at a time from that of the last measurement on, and how sure that is;
   * undefined before the first. Changes nothing.
   */
  predict(tNs: number): { readonly values: Float32Array; readonly std: number } | undefined {
    if (this.#values === undefined) return undefined;
    const { covariance, reach } = this.#ahead(Math.max(tNs, this.#lastNs));
    const values = Float32Array.from(this.#values, (value, i) => value + reach * this.#speeds[i]!);
    return { values, std: Math.sqrt(covariance.value) };
  }

  /** Forgets what came before. */
  reset(): void {
    this.#values = undefined;
  }

  #start(values: ArrayLike<number>, tNs: number): Float32Array {
    this.#values = Float64Array.from(values);
    this.#speeds = new Float64Array(values.length);
    this.#covariance = { value: this.#measurementVar, shared: 0, speed: this.#startSpeedVar };
    this.#lastNs = tNs;
    return Float32Array.from(values);
  }

  /** The covariance at `tNs`; how many seconds of its speed a value goes until then, and keeps. */
  #ahead(tNs: number): Ahead {
    const sec = (tNs - this.#lastNs) / NS_PER_SEC;
    const memorySec = this.#speedMemorySec;
    const keep = Math.exp(-sec / memorySec);
    const reach = memorySec === Infinity ? sec : memorySec * (1 - keep);
    const { value, shared, speed } = this.#covariance;
    const noise = this.#accelerationVar;
    const covariance = {
      value: value + 2 * reach * shared + reach ** 2 * speed + (noise * sec ** 4) / 4,
      shared: keep * (shared + reach * speed) + (noise * sec ** 3) / 2,
      speed: keep ** 2 * speed + noise * sec ** 2,
    };
    return { covariance, reach, keep };
  }

  #checkLength(values: ArrayLike<number>): void {
    if (values.length === this.#values!.length) return;
    throw new RangeError(
      `The filter smooths ${this.#values!.length} values, got ${values.length}. Call reset() first.`,
    );
  }
}

interface Covariance {
  readonly value: number;
  readonly shared: number;
  readonly speed: number;
}

interface Ahead {
  readonly covariance: Covariance;
  readonly reach: number;
  readonly keep: number;
}
