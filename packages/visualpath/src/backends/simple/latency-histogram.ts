// Buckets grow by 2^(1/16), 4.4 %, from 0.1 us: 27 octaves reach 13 s, and the last one takes the rest.
const BUCKETS_PER_OCTAVE = 16;
const FIRST_MS = 1e-4;
const BUCKET_COUNT = 27 * BUCKETS_PER_OCTAVE;

/** Percentiles of durations in constant memory, to within half a bucket (2.2 %). */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(BUCKET_COUNT);
  #count = 0;
  totalMs = 0;
  maxMs = 0;

  /** Adds one duration. */
  add(ms: number): void {
    this.#count += 1;
    this.totalMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
    const bucket = ms <= FIRST_MS ? 0 : (Math.log2(ms / FIRST_MS) * BUCKETS_PER_OCTAVE) | 0;
    this.#buckets[bucket < BUCKET_COUNT ? bucket : BUCKET_COUNT - 1]! += 1;
  }

  get meanMs(): number {
    return this.#count === 0 ? 0 : this.totalMs / this.#count;
  }

  /** The duration that a share of all (0..1) do not exceed; 0 if there are none. */
  percentile(share: number): number {
    if (this.#count === 0) return 0;
    let left = Math.ceil(this.#count * share);
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      left -= this.#buckets[bucket]!;
      if (left > 0) continue;
      return Math.min(this.maxMs, FIRST_MS * 2 ** ((bucket + 0.5) / BUCKETS_PER_OCTAVE));
    }
    return this.maxMs;
  }
}
