import { NS_PER_SEC, PALM_DETECTION, type Detection, type Frame, type SsdDetector } from 'vpx-sdk';
import { newHand, type FollowedHand, type Follower } from './followed-hand.ts';
import type { HandLandmarkModel, HandReading } from './hand-landmark-model.ts';
import {
  distanceOfPalms,
  distanceToPalm,
  motionOf,
  regionOfLandmarks,
  regionOfPalm,
  sharedBox,
} from './hand-region.ts';
import { placesToSeek, reachOf, SEEK_NS, type Candidate, type LostHand } from './lost-hand.ts';

/** The least score of a palm that a lost hand is looked for at; what the detector has to be asked for. */
export const WEAK_PALM_SCORE = 0.1;
/** Least score of a palm where no hand was before: MediaPipe's. */
const MIN_PALM_SCORE = PALM_DETECTION.scoreThreshold;
/** A frame that comes later than this after the last one is searched anew: hands have moved. */
const MAX_STEP_NS = 0.3 * NS_PER_SEC;
/** A detection no further than this from a followed palm, in sizes of the palm, is that hand. */
const SAME_AS_DETECTED = 0.5;
/** Two hands whose palms lie closer than this are one. */
const SAME_HAND = 0.35;
/** Or of which the box of one lies within that of the other with more than this share of its area. */
const SAME_BOX = 0.8;
/** Palms no further apart than this may be of one hand, of which one of two readings is wrong. */
const NEAR_HAND = 1;
/** A hand that is followed may be this much less certain than one that is found, as when it blurs. */
const KEEP_SHARE = 0.6;

/** As many as are computed side by side. */
const PLACES_AT_A_TIME = 2;
/** A palm at less than this share of the distance is another hand's. */
const MUCH_NEARER = 0.5;
/** A lost hand that is found with this presence is not looked for elsewhere. */
const SURE_PRESENCE = 0.8;
/** While there are no hands, the detector looks for some this often. */
const LOOK_NS = 0.06 * NS_PER_SEC;

/** A reading whose presence a palm has a say in. */
interface SoughtReading extends HandReading {
  readonly ownPresence: number;
}

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
    const hasNone = before.length === 0 && this.#lost.length === 0;
    const everyNs = before.length === maxHands ? detectEveryNs : hasNone ? LOOK_NS : 0;
    const isDue = tNs - this.#detectedNs >= everyNs;
    const rois = before.map(({ reading }) => regionOfLandmarks(reading.landmarks.points));
    const [detected, ofFollowed] = await Promise.all([
      isDue ? this.#detect(frame, signal) : undefined,
      this.#model.locate(frame, rois, signal),
    ]);
    let palms = detected;
    const fresh = this.#freshPalms(palms ?? []).map(regionOfPalm);
    const hands = this.#kept(before, ofFollowed);
    this.#noteLost(before, hands, tNs);
    hands.push(...this.#found(await this.#model.locate(frame, fresh, signal), hands));
    this.#lost = this.#lost.filter(({ hand }) => isNew(hand.reading, hands));
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

  /** Least presence of a hand that was there before. */
  get #leastPresence(): number {
    return this.#options.minPresence * KEEP_SHARE;
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
    const seen = before.flatMap((hand, i) => {
      const reading = readings[i]!;
      if (!(reading.presence >= this.#leastPresence)) return [];
      const leap = distanceOfPalms(hand.reading.landmarks.points, reading.landmarks.points);
      return [{ hand, reading, leap }];
    });
    // Of two that have come onto one hand, the one that leapt there is wrong.
    seen.sort((a, b) => a.leap - b.leap);
    const kept: FollowedHand[] = [];
    for (const { hand, reading } of seen) {
      if (!isNew(reading, kept)) continue;
      moveTo(hand, reading, this.#lastNs);
      kept.push(hand);
    }
    return kept;
  }

  #noteLost(before: readonly FollowedHand[], seen: readonly FollowedHand[], tNs: number): void {
    for (const hand of before) {
      if (!seen.includes(hand)) this.#lost.push({ hand, seenNs: hand.seenNs, frameCount: 0 });
    }
    this.#lost = this.#lost.filter(({ seenNs }) => tNs - seenNs <= SEEK_NS);
  }

  #found(readings: readonly HandReading[], others: readonly FollowedHand[]): FollowedHand[] {
    const found: FollowedHand[] = [];
    for (const reading of readings) {
      if (!(reading.presence >= this.#options.minPresence)) continue;
      if (!isNew(reading, [...others, ...found])) continue;
      const known = this.#slippedTo(reading, others);
      if (known === undefined) {
        found.push(newHand(reading, this.#lastNs));
        continue;
      }
      moveTo(known, reading, this.#lastNs);
      if (!others.includes(known)) found.push(known);
    }
    return found;
  }

  /** The followed or lost hand that a new one beside it is: one that has become unsure. */
  #slippedTo(reading: HandReading, followed: readonly FollowedHand[]): FollowedHand | undefined {
    const unsure = followed.filter((hand) => hand.reading.presence < this.#options.minPresence);
    const candidates = [...unsure, ...this.#lost.map(({ hand }) => hand)];
    return candidates.find((hand) => distanceOfHands(hand.reading, reading) < NEAR_HAND);
  }

  /** Whether a reading is of a hand of its own: close to another only one that is sure may be. */
  #isSureBeside(reading: HandReading, hands: readonly FollowedHand[]): boolean {
    if (reading.presence >= this.#options.minPresence) return isNew(reading, hands);
    return hands.every((hand) => distanceOfHands(hand.reading, reading) >= NEAR_HAND);
  }

  /** Whether another lost hand was much nearer to a palm. */
  #isOfAnother({ hand }: LostHand, palm: Detection): boolean {
    const distanceOf = (one: FollowedHand): number =>
      distanceToPalm(one.reading.landmarks.points, palm);
    const distance = distanceOf(hand);
    return this.#lost.some((other) => distanceOf(other.hand) < distance * MUCH_NEARER);
  }

  /** Adds to `hands` those lost ones that are found again. */
  async #seek(
    frame: Frame,
    palms: readonly Detection[],
    hands: FollowedHand[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const lost of this.#lost) {
      if (hands.length >= this.#options.maxHands) break;
      lost.frameCount++;
      const { hand } = lost;
      const free = palms.filter((palm) => isApart(palm, hands) && !this.#isOfAnother(lost, palm));
      const fits = (reading: SoughtReading): boolean =>
        reading.presence >= this.#leastPresence &&
        distanceOfHands(hand.reading, reading) < reachOf(lost) &&
        this.#isSureBeside(reading, hands);
      const best = await this.#bestAt(placesToSeek(lost, free), fits, frame, signal);
      if (best === undefined) continue;
      const isSeen = best.ownPresence >= this.#leastPresence;
      moveTo(hand, best, isSeen ? frame.tSrcNs : hand.seenNs);
      hands.push(hand);
    }
    this.#lost = this.#lost.filter(({ hand }) => isNew(hand.reading, hands));
  }

  /** The surest reading that fits; later places are not looked at once one is sure enough. */
  async #bestAt(
    places: readonly Candidate[],
    fits: (reading: SoughtReading) => boolean,
    frame: Frame,
    signal: AbortSignal,
  ): Promise<SoughtReading | undefined> {
    let best: SoughtReading | undefined;
    for (let at = 0; at < places.length; at += PLACES_AT_A_TIME) {
      if (best !== undefined && best.presence >= SURE_PRESENCE) break;
      const some = places.slice(at, at + PLACES_AT_A_TIME);
      const rois = some.map(({ roi }) => roi);
      const readings = await this.#model.locate(frame, rois, signal);
      for (const [i, reading] of readings.entries()) {
        const sought = withPalm(reading, some[i]!.palmScore);
        if (fits(sought) && sought.presence > (best?.presence ?? 0)) best = sought;
      }
    }
    return best;
  }
}

/**
 * A palm that was detected also speaks for a hand that was there a moment ago, blurred as it may be: not
 * there only if both are wrong.
 */
const withPalm = (reading: HandReading, palmScore: number): SoughtReading => ({
  ...reading,
  ownPresence: reading.presence,
  presence: 1 - (1 - reading.presence) * (1 - palmScore),
});

function moveTo(hand: FollowedHand, reading: HandReading, seenNs: number): void {
  hand.motion = motionOf(hand.reading.landmarks.points, reading.landmarks.points);
  hand.reading = reading;
  hand.seenNs = seenNs;
}

const distanceOfHands = (a: HandReading, b: HandReading): number =>
  distanceOfPalms(a.landmarks.points, b.landmarks.points);

const isNew = (reading: HandReading, hands: readonly FollowedHand[]): boolean =>
  hands.every(
    (hand) =>
      distanceOfHands(hand.reading, reading) >= SAME_HAND &&
      sharedBox(hand.reading.landmarks.points, reading.landmarks.points) <= SAME_BOX,
  );

const isApart = (palm: Detection, hands: readonly FollowedHand[]): boolean =>
  hands.every(({ reading }) => distanceToPalm(reading.landmarks.points, palm) > SAME_AS_DETECTED);
