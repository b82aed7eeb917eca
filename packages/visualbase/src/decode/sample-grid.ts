import { NS_PER_SEC } from '../time/ns.ts';

/** Container clocks round times to their tick (1 ms in Matroska); a picture this early still counts. */
const MAX_EARLY_NS = 1_000_000;

/**
 * Picks pictures on a time grid: for every grid point `origin + k / fps` the first picture at or
 * after it. Grid points are computed from `k`, so that nothing drifts; a picture serves once, also
 * where it covers several points (a gap, or a source slower than the grid). The number picked is
 * within one of `duration * fps` for a source at least as fast as the grid.
 */
export class SampleGrid {
  readonly #stepNs: number;
  readonly #originNs: number;
  readonly #earlyNs: number;
  #nextPoint = 0;

  /**
   * @param fps - Grid points per second, above 0.
   * @param originNs - Time of the first grid point.
   */
  constructor(fps: number, originNs = 0) {
    this.#stepNs = NS_PER_SEC / fps;
    this.#originNs = originNs;
    this.#earlyNs = Math.min(MAX_EARLY_NS, this.#stepNs / 4);
  }

  /** Tells whether the picture at `tNs` is wanted. Call once for each, in order of time. */
  take(tNs: number): boolean {
    const sinceOriginNs = tNs - this.#originNs + this.#earlyNs;
    if (sinceOriginNs < this.#nextPoint * this.#stepNs) return false;
    this.#nextPoint = Math.floor(sinceOriginNs / this.#stepNs) + 1;
    return true;
  }
}
