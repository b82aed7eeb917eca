import { NS_PER_SEC, type Detection, type Frame, type RotatedRoi } from 'vpx-sdk';
import { cocoView } from '../coco-view.ts';
import type { LocatedBody, PoseLandmarkModel } from '../model/pose-landmark-model.ts';
import {
  contradicts,
  isCandidate,
  isDoubtful,
  isNewBody,
  isStillBody,
  isStrong,
  MIN_TILE_SCORE,
} from './evidence.ts';
import type { FoundPose, PoseFinder } from './found-pose.ts';
import { LandmarkSmoother } from './landmark-smoother.ts';
import type { PersonSearch } from './person-search.ts';
import { regionOfDetection } from './pose-region.ts';
import { RegionSmoother } from './region-smoother.ts';
import { isDetectionOf, isPartOf, isSameBody, isSamePlace } from './same-body.ts';

/** A frame that comes later than this after the last one is searched anew: people may have moved. */
const MAX_STEP_NS = 0.5 * NS_PER_SEC;
/** Somebody whom the detector did not see so many times in a row gives way to one whom it sees. */
const DOUBTFUL_COUNT = 2;
/** And after so many times is nobody. */
const UNSEEN_COUNT = 4;

/** Settings of a {@link PoseFollower}. */
export interface PoseFollowerOptions {
  readonly maxPeople: number;
  readonly minConfidence: number;
  readonly detectEveryNs: number;
  readonly smooth: boolean;
}

interface FollowedPerson {
  body: LocatedBody;
  /** Where to look in the next frame. */
  region: RotatedRoi;
  readonly regionSmoother: RegionSmoother;
  readonly smoother: LandmarkSmoother;
  /** False while only one weak detection speaks for the person, which is not clear from close by. */
  isConfirmed: boolean;
  /** Times in a row that the detector did not see the person. */
  unseenCount: number;
}

/**
 * Follows people by their landmarks from frame to frame, and asks the detector only at an interval
 * and when somebody was lost or is in doubt.
 */
export class PoseFollower implements PoseFinder {
  readonly #people: PersonSearch;
  readonly #model: PoseLandmarkModel;
  readonly #options: PoseFollowerOptions;
  #followed: FollowedPerson[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;
  #hasLost = true;

  constructor(people: PersonSearch, model: PoseLandmarkModel, options: PoseFollowerOptions) {
    this.#people = people;
    this.#model = model;
    this.#options = options;
  }

  async find(frame: Frame, signal: AbortSignal): Promise<readonly FoundPose[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    await this.#follow(frame, signal);
    if (this.#isSearchDue(tNs)) await this.#search(frame, signal);
    return this.#followed
      .filter(({ isConfirmed }) => isConfirmed)
      .map((person) => this.#found(person, tNs));
  }

  reset(): void {
    this.#followed = [];
    this.#hasLost = true;
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
  }

  #isSearchDue(tNs: number): boolean {
    if (this.#hasLost || this.#followed.length === 0) return true;
    if (tNs - this.#detectedNs >= this.#options.detectEveryNs) return true;
    return this.#followed.some(({ isConfirmed, body }) => !isConfirmed || isDoubtful(body));
  }

  async #follow(frame: Frame, signal: AbortSignal): Promise<void> {
    const regions = this.#followed.map(({ region }) => region);
    const bodies = await this.#model.locate(frame, regions, signal);
    const kept: FollowedPerson[] = [];
    for (const [i, person] of this.#followed.entries()) {
      const body = bodies[i]!;
      if (!isStillBody(body)) continue;
      // Two that have slid onto one body are one.
      if (kept.some((other) => isSameBody(other.body, body))) continue;
      person.body = body;
      person.region = person.regionSmoother.next(body, frame.tSrcNs);
      kept.push(person);
    }
    this.#hasLost = kept.length < this.#followed.length;
    this.#followed = kept;
  }

  async #search(frame: Frame, signal: AbortSignal): Promise<void> {
    // Searches out of turn must not let somebody run out of time sooner.
    const isDue = frame.tSrcNs - this.#detectedNs >= this.#options.detectEveryNs;
    if (isDue) this.#detectedNs = frame.tSrcNs;
    this.#hasLost = false;
    const isThorough = isDue || this.#followed.some(({ isConfirmed }) => !isConfirmed);
    const { inWhole, inTiles } = await this.#people.find(frame, isThorough, signal);
    const detections = [...inWhole, ...inTiles];
    const { minConfidence, maxPeople } = this.#options;
    const known = new Set<Detection>();
    for (const person of this.#followed) {
      const signs = detections.filter((one) => isDetectionOf(one, person.body));
      // One that contradicts the landmarks is looked into, as if it were somebody else.
      for (const sign of signs) if (!contradicts(sign, person.body)) known.add(sign);
      if (signs.length > 0) person.unseenCount = 0;
      else if (isDue) person.unseenCount++;
      person.isConfirmed ||= signs.some(({ score }) => score >= minConfidence);
    }
    this.#followed = this.#followed.filter(
      ({ isConfirmed, unseenCount }) => isConfirmed && unseenCount < UNSEEN_COUNT,
    );
    const leastInTiles = Math.max(minConfidence, MIN_TILE_SCORE);
    const candidates = [
      ...inWhole.filter((one) => isCandidate(one, minConfidence)),
      ...inTiles.filter((one) => isCandidate(one, leastInTiles)),
    ].filter((one) => !known.has(one));
    await this.#adopt(frame, candidates.slice(0, maxPeople), signal);
  }

  async #adopt(frame: Frame, candidates: readonly Detection[], signal: AbortSignal): Promise<void> {
    const bodies = await this.#model.locate(frame, candidates.map(regionOfDetection), signal);
    for (const [i, body] of bodies.entries()) {
      if (!isNewBody(body)) continue;
      if (this.#followed.some((other) => isPartOf(body, other.body))) continue;
      const rivals = this.#followed.filter((other) => isSamePlace(other.body, body));
      const candidate = candidates[i]!;
      const isClear = isStrong(candidate);
      const givesWay = (rival: FollowedPerson): boolean =>
        rival.unseenCount >= DOUBTFUL_COUNT ||
        (isClear && isDoubtful(rival.body) && body.presence > rival.body.presence);
      if (!rivals.every(givesWay)) continue;
      this.#followed = this.#followed.filter((other) => !rivals.includes(other));
      if (this.#followed.length >= this.#options.maxPeople) continue;
      const isConfirmed =
        isClear || (await this.#people.isClearFromClose(frame, candidate, signal));
      const regionSmoother = new RegionSmoother();
      this.#followed.push({
        body,
        region: regionSmoother.next(body, frame.tSrcNs),
        regionSmoother,
        smoother: new LandmarkSmoother(),
        isConfirmed,
        unseenCount: 0,
      });
    }
  }

  #found({ body, smoother }: FollowedPerson, tNs: number): FoundPose {
    const landmarks = this.#options.smooth ? smoother.smooth(body, tNs) : body.landmarks;
    return { confidence: body.presence, landmarks, keypoints: cocoView(landmarks) };
  }
}
