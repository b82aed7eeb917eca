import { NS_PER_SEC, type PoseLandmarks } from 'vpx-sdk';
import { OneEuroFilter, type OneEuroOptions } from './one-euro.ts';

// MediaPipe's own settings for the landmarks of a pose; speed counts in sizes of the body.
const SETTINGS: OneEuroOptions = { minCutoffHz: 0.05, beta: 80, speedCutoffHz: 1 };

/** Smooths the landmarks of one person over time. Visibility and world points stay as they are. */
export class LandmarkSmoother {
  #filters: readonly OneEuroFilter[] = [];
  #lastNs = -Infinity;

  /** @param sizePx - A length that grows with the body, to measure speed in. */
  smooth(landmarks: PoseLandmarks, sizePx: number, tNs: number): PoseLandmarks {
    if (this.#filters.length === 0) {
      this.#filters = Array.from(landmarks.points, () => new OneEuroFilter(SETTINGS));
    }
    // The first step has nothing before it, and a frame twice would have no length.
    const stepSec = Number.isFinite(this.#lastNs) ? (tNs - this.#lastNs) / NS_PER_SEC : 1;
    this.#lastNs = tNs;
    if (stepSec <= 0) return landmarks;
    const points = landmarks.points.map((raw, i) => this.#filters[i]!.next(raw, stepSec, sizePx));
    return { ...landmarks, points };
  }
}
