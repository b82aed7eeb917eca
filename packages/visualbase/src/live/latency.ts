const WINDOW = 512;

/** Delays of the newest frames, in milliseconds. */
export interface LatencyStats {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Measures how long frames take from their arrival to their reader, over the newest 512. */
export class LatencyMeter {
  readonly #delaysMs = new Float64Array(WINDOW);
  #count = 0;

  /** Takes one frame's delay. */
  add(delayMs: number): void {
    this.#delaysMs[this.#count++ % WINDOW] = delayMs;
  }

  /** Undefined before the first frame. */
  get stats(): LatencyStats | undefined {
    const count = Math.min(this.#count, WINDOW);
    if (count === 0) return undefined;
    const sorted = this.#delaysMs.slice(0, count).sort();
    const at = (share: number): number => sorted[Math.min(count - 1, Math.floor(share * count))]!;
    return { p50: at(0.5), p95: at(0.95), max: sorted[count - 1]! };
  }
}
