import { HAND_GESTURES, NS_PER_SEC, type HandGesture } from 'vpx-sdk';
import type { GestureScores } from './gesture-scores.ts';

/** A hand that was not seen for longer than this begins its gesture anew. */
const MAX_GAP_NS = 0.3 * NS_PER_SEC;
/** A gesture that is shown stays while its score is above this share of what it took to begin. */
const LEAVE_SHARE = 0.6;

/** What a hand shows. */
export interface HeldGesture {
  readonly gesture: HandGesture | undefined;
  /** Of this frame, 0..1; 0 without a gesture. */
  readonly score: number;
}

/**
 * Makes gestures of scores that tremble. A gesture begins when its score has been the best, and at
 * least `minScore`, for `holdNs` of media time; it ends when its score falls below a lower bound, or
 * another has begun.
 */
export class GestureHold {
  readonly #minScore: number;
  readonly #holdNs: number;
  #shown: HandGesture | undefined;
  #rising: HandGesture | undefined;
  #risingSinceNs = 0;
  #lastNs = -Infinity;

  /** @param minScore - 0..1. */
  constructor(minScore: number, holdNs: number) {
    this.#minScore = minScore;
    this.#holdNs = holdNs;
  }

  /** The gesture at `tNs`, in order of time. */
  update(scores: GestureScores, tNs: number): HeldGesture {
    if (tNs - this.#lastNs > MAX_GAP_NS || tNs < this.#lastNs) {
      this.#shown = undefined;
      this.#rising = undefined;
    }
    this.#lastNs = tNs;
    if (this.#shown !== undefined && scores[this.#shown] < this.#minScore * LEAVE_SHARE) {
      this.#shown = undefined;
    }
    const best = this.#bestOf(scores);
    if (best !== this.#rising) {
      this.#rising = best;
      this.#risingSinceNs = tNs;
    }
    if (best !== undefined && tNs - this.#risingSinceNs >= this.#holdNs) this.#shown = best;
    return { gesture: this.#shown, score: this.#shown === undefined ? 0 : scores[this.#shown] };
  }

  #bestOf(scores: GestureScores): HandGesture | undefined {
    let best: HandGesture | undefined;
    for (const gesture of HAND_GESTURES) {
      if (scores[gesture] < this.#minScore) continue;
      if (best === undefined || scores[gesture] > scores[best]) best = gesture;
    }
    return best;
  }
}
