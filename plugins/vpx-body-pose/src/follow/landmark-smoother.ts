import { OneEuroFilter, type PoseLandmarks } from 'vpx-sdk';
import type { LocatedBody } from '../model/pose-landmark-model.ts';
import { radiusOf } from './same-body.ts';

/** Smooths the landmarks of one person over time. Visibility and world points stay as they are. */
export class LandmarkSmoother {
  // MediaPipe's own settings for the landmarks of a pose; speed counts in diameters of the body's circle.
  readonly #filter = new OneEuroFilter({ minCutoffHz: 0.05, beta: 80, speedCutoffHz: 1 });
  #lastNs = -Infinity;

  smooth(body: LocatedBody, tNs: number): PoseLandmarks {
    const { landmarks } = body;
    // A frame twice would start the filter anew.
    if (tNs <= this.#lastNs) return landmarks;
    this.#lastNs = tNs;
    return { ...landmarks, points: this.#filter.filter(landmarks.points, tNs, 2 * radiusOf(body)) };
  }
}
