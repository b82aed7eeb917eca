import {
  NS_PER_SEC,
  OneEuroFilter,
  type Frame,
  type Hand,
  type Handedness,
  type HandLandmarks,
  type PixelBox,
} from 'vpx-sdk';
import { GestureHold } from './gesture/gesture-hold.ts';
import { gestureScores, NO_GESTURE } from './gesture/gesture-scores.ts';
import { measureHand } from './gesture/hand-shape.ts';
import type { HandReading } from './hand/hand-landmark-model.ts';
import { boundsOfLandmarks, palmSizePx } from './hand/hand-region.ts';

// In sizes of the palm. Measured on four signed words (30 frames a second): hands at rest tremble less
// than half as much, hands that move by more than 6 px a frame lag by a third of a frame.
const SMOOTHING = { minCutoffHz: 2, beta: 4 };
/** A palm of about 9 cm, which world points are smoothed in. */
const WORLD_PALM_M = 0.09;
/** Which hand it is does not change: what the model says is averaged over about this time. */
const HANDEDNESS_NS = 0.25 * NS_PER_SEC;

/** From here on the model is sure which hand it is. */
const SURE = 0.8;

/** Options of {@link HandMemory}. */
export interface HandMemoryOptions {
  readonly smooth: boolean;
  readonly isMirrored: boolean;
  readonly minGestureScore: number;
  readonly gestureHoldNs: number;
}

type FrameFacts = Pick<Frame, 'tSrcNs' | 'width' | 'height'>;

/** What is remembered of one hand from frame to frame. */
export class HandMemory {
  readonly #options: HandMemoryOptions;
  readonly #pixelFilter = new OneEuroFilter(SMOOTHING);
  readonly #worldFilter = new OneEuroFilter(SMOOTHING);
  readonly #gesture: GestureHold;
  #rightness = 0.5;
  #lastNs = -Infinity;

  constructor(options: HandMemoryOptions) {
    this.#options = options;
    this.#gesture = new GestureHold(options.minGestureScore, options.gestureHoldNs);
  }

  /** When the hand was last seen, media time. */
  get lastNs(): number {
    return this.#lastNs;
  }

  /** False if a reading is surely of the other hand. */
  canBe({ rightness }: HandReading): boolean {
    const known = this.#rightness;
    const seen = this.#ownRightness(rightness);
    return !((known > SURE && seen < 1 - SURE) || (known < 1 - SURE && seen > SURE));
  }

  /** The hand as it is given out, in order of time. */
  update(reading: HandReading, trackId: number, frame: FrameFacts): Hand {
    const tNs = frame.tSrcNs;
    const handedness = this.#averageHandedness(reading.rightness, tNs);
    this.#lastNs = tNs;
    const landmarks = this.#options.smooth
      ? this.#smooth(reading.landmarks, tNs)
      : reading.landmarks;
    const box = boundsOfLandmarks(landmarks.points);
    const scores = isWithin(box, frame) ? gestureScores(measureHand(landmarks)) : NO_GESTURE;
    const { gesture, score } = this.#gesture.update(scores, tNs);
    return {
      trackId,
      ...handedness,
      confidence: reading.presence,
      box,
      landmarks,
      gesture,
      gestureScore: score,
    };
  }

  #smooth({ points, worldPoints }: HandLandmarks, tNs: number): HandLandmarks {
    return {
      space: 'px',
      points: this.#pixelFilter.filter(points, tNs, palmSizePx(points)),
      worldPoints: this.#worldFilter.filter(worldPoints, tNs, WORLD_PALM_M),
    };
  }

  #ownRightness(rightness: number): number {
    return this.#options.isMirrored ? 1 - rightness : rightness;
  }

  #averageHandedness(
    rightness: number,
    tNs: number,
  ): { readonly handedness: Handedness; readonly handednessConfidence: number } {
    const share = 1 - Math.exp(-(tNs - this.#lastNs) / HANDEDNESS_NS);
    this.#rightness += share * (this.#ownRightness(rightness) - this.#rightness);
    const isRight = this.#rightness >= 0.5;
    return {
      handedness: isRight ? 'right' : 'left',
      handednessConfidence: isRight ? this.#rightness : 1 - this.#rightness,
    };
  }
}

/** Fingers beyond the border are guesses, and no gesture is made of those. */
const isWithin = ({ x1, y1, x2, y2 }: PixelBox, { width, height }: FrameFacts): boolean =>
  x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height;
