import type { Observation } from '../core/observation.ts';

/** One signal of one module over time. Both arrays have the same length. */
export interface SignalSeries {
  /** Media times in nanoseconds, in the order of the observations. */
  readonly tNs: Float64Array;
  /** Numbers as they are, booleans as 0 and 1. */
  readonly values: Float64Array;
}

/** Collects a {@link SignalSeries}, in memory for `capacity` values. */
export class SeriesBuilder {
  readonly #signal: string;
  readonly #tNs: Float64Array;
  readonly #values: Float64Array;
  #count = 0;

  constructor(signal: string, capacity: number) {
    this.#signal = signal;
    this.#tNs = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  /** Takes the signal of an observation; texts and missing signals are passed over. */
  add({ tNs, signals }: Observation): void {
    if (!Object.hasOwn(signals, this.#signal)) return;
    const value = signals[this.#signal];
    if (typeof value !== 'number' && typeof value !== 'boolean') return;
    this.#tNs[this.#count] = tNs;
    this.#values[this.#count] = Number(value);
    this.#count++;
  }

  /** What was taken. The builder is of no use afterwards. */
  build(): SignalSeries {
    if (this.#count === this.#tNs.length) return { tNs: this.#tNs, values: this.#values };
    return { tNs: this.#tNs.slice(0, this.#count), values: this.#values.slice(0, this.#count) };
  }
}
