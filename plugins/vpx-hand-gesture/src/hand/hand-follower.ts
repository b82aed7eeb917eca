import { NS_PER_SEC, type Frame, type Point, type SsdDetector } from 'vpx-sdk';
import type { HandLandmarkModel, HandReading } from './hand-landmark-model.ts';
import {
  distanceOfPalms,
  distanceToPalm,
  motionOf,
  regionOfLandmarks,
  regionOfPalm,
} from './hand-region.ts';

/** A frame that comes later than this after the last one is searched anew: hands have moved. */
const MAX_STEP_NS = 0.3 * NS_PER_SEC;
/** A detection no further than this from a followed palm, in sizes of the palm, is that hand. */
const SAME_AS_DETECTED = 0.5;
/** Two followed hands whose palms lie closer than this are one. */
const SAME_HAND = 0.35;

/** A hand that is followed; the same object from frame to frame. */
export interface FollowedHand {
  reading: HandReading;
  /** How far the palm moved from the frame before last to the last one, px. */
  motion: Point;
  /** For the owner of the follower to keep its own number in. */
  trackId: number | undefined;
}

/** A hand that is followed may be this much less certain than one that is found, as when it blurs. */
const KEEP_SHARE = 0.6;

/**
 * How much of its last motion a hand is expected to go on. All of it loses hands that stop, none of
 * it those that are fast.
 */
const MOTION_SHARE = 0.5;

/** Options of {@link HandFollower}. */
export interface HandFollowerOptions {
  readonly maxHands: number;
  /** Least presence of a hand that was not followed before, 0..1. */
  readonly minPresence: number;
  /** How often the detector looks although as many hands as wanted are followed. */
  readonly detectEveryNs: number;
}

/**
 * Follows hands by their landmarks from frame to frame. The detector looks while there are fewer
 * than wanted, and else only at an interval: a hand that it finds then takes the place of one that
 * the landmark model is less sure of.
 */
export class HandFollower {
  readonly #detector: SsdDetector;
  readonly #model: HandLandmarkModel;
  readonly #options: HandFollowerOptions;
  #followed: FollowedHand[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;

  constructor(detector: SsdDetector, model: HandLandmarkModel, options: HandFollowerOptions) {
    this.#detector = detector;
    this.#model = model;
    this.#options = options;
  }

  /** The hands of the next frame, in order of time. */
  async find(frame: Frame, signal: AbortSignal): Promise<readonly FollowedHand[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    await this.#follow(frame, signal);
    const { maxHands, detectEveryNs } = this.#options;
    if (this.#followed.length < maxHands || tNs - this.#detectedNs >= detectEveryNs) {
      await this.#search(frame, signal);
    }
    return this.#followed;
  }

  /** Forgets all hands. */
  reset(): void {
    this.#followed = [];
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
  }

  async #follow(frame: Frame, signal: AbortSignal): Promise<void> {
    const before = this.#followed;
    const rois = before.map(({ reading, motion }) => {
      const roi = regionOfLandmarks(reading.landmarks.points);
      return { ...roi, cx: roi.cx + MOTION_SHARE * motion.x, cy: roi.cy + MOTION_SHARE * motion.y };
    });
    const readings = await this.#model.locate(frame, rois, signal);
    const minPresence = this.#options.minPresence * KEEP_SHARE;
    const seen = before.flatMap((hand, i) => {
      const reading = readings[i]!;
      if (!(reading.presence >= minPresence)) return [];
      const was = hand.reading.landmarks.points;
      const { points } = reading.landmarks;
      const leap = distanceOfPalms(was, points);
      hand.motion = motionOf(was, points);
      hand.reading = reading;
      return [{ hand, leap }];
    });
    // Of two that have come onto one hand, the one that leapt there is wrong.
    seen.sort((a, b) => a.leap - b.leap);
    const kept: FollowedHand[] = [];
    for (const { hand } of seen) {
      if (kept.every((other) => !isSame(other.reading, hand.reading))) kept.push(hand);
    }
    this.#followed = before.filter((hand) => kept.includes(hand));
  }

  async #search(frame: Frame, signal: AbortSignal): Promise<void> {
    this.#detectedNs = frame.tSrcNs;
    const [detections] = await this.#detector.detect([frame], signal);
    const fresh = detections!
      .filter((detection) =>
        this.#followed.every(
          ({ reading }) => distanceToPalm(reading.landmarks.points, detection) > SAME_AS_DETECTED,
        ),
      )
      .slice(0, this.#options.maxHands);
    const readings = await this.#model.locate(frame, fresh.map(regionOfPalm), signal);
    const hands = [...this.#followed];
    for (const [i, reading] of readings.entries()) {
      // A palm of which the detector is unsure needs a landmark model that is sure.
      const confidence = Math.min(reading.presence, (reading.presence + fresh[i]!.score) / 2);
      if (!(confidence >= this.#options.minPresence)) continue;
      if (hands.every((hand) => !isSame(hand.reading, reading))) {
        hands.push({ reading, motion: { x: 0, y: 0 }, trackId: undefined });
      }
    }
    hands.sort((a, b) => b.reading.presence - a.reading.presence);
    this.#followed = hands.slice(0, this.#options.maxHands);
  }
}

const isSame = (a: HandReading, b: HandReading): boolean =>
  distanceOfPalms(a.landmarks.points, b.landmarks.points) < SAME_HAND;
