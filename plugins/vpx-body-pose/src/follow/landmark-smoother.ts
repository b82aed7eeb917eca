import { OneEuroFilter, type PoseLandmarks } from 'vpx-sdk';

/** Smooths the landmarks of one person over time. Visibility and world points stay as they are. */
export class LandmarkSmoother {
  // MediaPipe's own settings for the landmarks of a pose; speed counts in sizes of the body.
  readonly #filter = new OneEuroFilter({ minCutoffHz: 0.05, beta: 80, speedCutoffHz: 1 });
  #lastNs = -Infinity;

  /** @param sizePx - A length that grows with the body, to measure speed in. */
  smooth(landmarks: PoseLandmarks, sizePx: number, tNs: number): PoseLandmarks {
    // A frame twice would start the filter anew.
    if (tNs <= this.#lastNs) return landmarks;
    this.#lastNs = tNs;
    return { ...landmarks, points: this.#filter.filter(landmarks.points, tNs, sizePx) };
  }
}
