import { NS_PER_SEC, type Detection, type Frame, type SsdDetector } from 'vpx-sdk';
import { newHand, type FollowedHand, type Follower } from './followed-hand.ts';
import type { HandLandmarkModel, HandReading } from './hand-landmark-model.ts';
import {
  distanceOfPalms,
  distanceToPalm,
  motionOf,
  regionOfLandmarks,
  regionOfPalm,
} from './hand-region.ts';
import { regionsToSeek, SEEK_NS, SEEK_REACH, type LostHand } from './lost-hand.ts';

/** The least score of a palm that a lost hand is looked for at; what the detector has to be asked for. */
export const WEAK_PALM_SCORE = 0.1;
/**
 * Least score of a palm where no hand was before. Lower than MediaPipe's, for palms that move are
 * blurred; whether there is a hand, the landmark model says.
 */
const MIN_PALM_SCORE = 0.3;
/** A frame that comes later than this after the last one is searched anew: hands have moved. */
const MAX_STEP_NS = 0.3 * NS_PER_SEC;
/** A detection no further than this from a followed palm, in sizes of the palm, is that hand. */
const SAME_AS_DETECTED = 0.5;
/** Two followed hands whose palms lie closer than this are one. */
const SAME_HAND = 0.35;
/** A hand that is followed may be this much less certain than one that is found, as when it blurs. */
const KEEP_SHARE = 0.6;

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
 * the landmark model is less sure of. Hands that are lost, mostly to motion blur, are looked for around
 * where they were.
 */
export class HandFollower implements Follower {
  readonly #detector: SsdDetector;
  readonly #model: HandLandmarkModel;
  readonly #options: HandFollowerOptions;
  #followed: FollowedHand[] = [];
  #lost: LostHand[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;

  /** @param detector - With a least score of {@link WEAK_PALM_SCORE}. */
  constructor(detector: SsdDetector, model: HandLandmarkModel, options: HandFollowerOptions) {
    this.#detector = detector;
    this.#model = model;
    this.#options = options;
  }

  async find(frame: Frame, signal: AbortSignal): Promise<readonly FollowedHand[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    const { maxHands, detectEveryNs } = this.#options;
    const before = this.#followed;
    const isDue = before.length < maxHands || tNs - this.#detectedNs >= detectEveryNs;
    let palms = isDue ? await this.#detect(frame, signal) : undefined;
    const fresh = this.#freshPalms(palms ?? []);
    // Followed and new hands go through the model together: one inference, as often as not.
    const rois = [
      ...before.map(({ reading }) => regionOfLandmarks(reading.landmarks.points)),
      ...fresh.map(regionOfPalm),
    ];
    const readings = await this.#model.locate(frame, rois, signal);
    const hands = this.#kept(before, readings);
    hands.push(...this.#found(fresh, readings.slice(before.length), hands));
    this.#noteLost(before, hands, tNs);
    if (this.#lost.length > 0 && hands.length < maxHands) {
      palms ??= await this.#detect(frame, signal);
      await this.#seek(frame, palms, hands, signal);
    }
    hands.sort((a, b) => b.reading.presence - a.reading.presence);
    this.#followed = hands.slice(0, maxHands);
    return this.#followed;
  }

  reset(): void {
    this.#followed = [];
    this.#lost = [];
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
  }

  async #detect(frame: Frame, signal: AbortSignal): Promise<readonly Detection[]> {
    this.#detectedNs = frame.tSrcNs;
    const [palms] = await this.#detector.detect([frame], signal);
    return palms!;
  }

  #freshPalms(palms: readonly Detection[]): readonly Detection[] {
    return palms
      .filter((palm) => palm.score >= MIN_PALM_SCORE && isApart(palm, this.#followed))
      .slice(0, this.#options.maxHands);
  }

  /** The hands of the frame before that are in this one too. */
  #kept(before: readonly FollowedHand[], readings: readonly HandReading[]): FollowedHand[] {
    const minPresence = this.#options.minPresence * KEEP_SHARE;
    const seen = before.flatMap((hand, i) => {
      const reading = readings[i]!;
      if (!(reading.presence >= minPresence)) return [];
      const leap = distanceOfPalms(hand.reading.landmarks.points, reading.landmarks.points);
      return [{ hand, reading, leap }];
    });
    // Of two that have come onto one hand, the one that leapt there is wrong.
    seen.sort((a, b) => a.leap - b.leap);
    const kept: FollowedHand[] = [];
    for (const { hand, reading } of seen) {
      if (!isNew(reading, kept)) continue;
      moveTo(hand, reading);
      kept.push(hand);
    }
    return kept;
  }

  #noteLost(before: readonly FollowedHand[], seen: readonly FollowedHand[], tNs: number): void {
    for (const hand of before) {
      if (!seen.includes(hand)) this.#lost.push({ hand, sinceNs: tNs, frameCount: 0 });
    }
    // One that was found as a new hand is lost no more.
    this.#lost = this.#lost.filter(
      ({ hand, sinceNs }) => tNs - sinceNs <= SEEK_NS && isNew(hand.reading, seen),
    );
  }

  #found(
    palms: readonly Detection[],
    readings: readonly HandReading[],
    others: readonly FollowedHand[],
  ): FollowedHand[] {
    const found: FollowedHand[] = [];
    for (const [i, reading] of readings.entries()) {
      // A palm of which the detector is unsure needs a landmark model that is sure.
      const confidence = Math.min(reading.presence, (reading.presence + palms[i]!.score) / 2);
      if (!(confidence >= this.#options.minPresence)) continue;
      if (isNew(reading, [...others, ...found])) found.push(newHand(reading));
    }
    return found;
  }

  /** Adds to `hands` those lost ones that are found again. */
  async #seek(
    frame: Frame,
    palms: readonly Detection[],
    hands: FollowedHand[],
    signal: AbortSignal,
  ): Promise<void> {
    const { maxHands, minPresence } = this.#options;
    for (const lost of this.#lost) {
      if (hands.length >= maxHands) break;
      lost.frameCount++;
      const { hand } = lost;
      const was = hand.reading.landmarks.points;
      const free = palms.filter((palm) => isApart(palm, hands));
      const readings = await this.#model.locate(frame, regionsToSeek(lost, free), signal);
      const [best] = readings
        .filter(
          (reading) =>
            reading.presence >= minPresence * KEEP_SHARE &&
            distanceOfPalms(was, reading.landmarks.points) < SEEK_REACH &&
            isNew(reading, hands),
        )
        .sort((a, b) => b.presence - a.presence);
      if (best === undefined) continue;
      moveTo(hand, best);
      hands.push(hand);
    }
    this.#lost = this.#lost.filter(({ hand }) => isNew(hand.reading, hands));
  }
}

function moveTo(hand: FollowedHand, reading: HandReading): void {
  hand.motion = motionOf(hand.reading.landmarks.points, reading.landmarks.points);
  hand.reading = reading;
}

const isNew = (reading: HandReading, hands: readonly FollowedHand[]): boolean =>
  hands.every(
    (hand) => distanceOfPalms(hand.reading.landmarks.points, reading.landmarks.points) >= SAME_HAND,
  );

const isApart = (palm: Detection, hands: readonly FollowedHand[]): boolean =>
  hands.every(({ reading }) => distanceToPalm(reading.landmarks.points, palm) > SAME_AS_DETECTED);
