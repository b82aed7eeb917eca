import { NS_PER_SEC, type Detection, type Frame } from 'vpx-sdk';
import { cocoView } from '../coco-view.ts';
import type { PoseDetector } from '../model/pose-detector.ts';
import type { LocatedBody, PoseLandmarkModel } from '../model/pose-landmark-model.ts';
import type { FoundPose, PoseFinder } from './found-pose.ts';
import { LandmarkSmoother } from './landmark-smoother.ts';
import { regionOfCircle, regionOfDetection } from './pose-region.ts';
import { isDetectionOf, isSameBody } from './same-body.ts';

/** A frame that comes later than this after the last one is searched anew: people may have moved. */
const MAX_STEP_NS = 0.5 * NS_PER_SEC;
/** Below this the model says that a region shows no body (MediaPipe's own threshold). */
const MIN_PRESENCE = 0.5;

/** Settings of a {@link PoseFollower}. */
export interface PoseFollowerOptions {
  readonly maxPeople: number;
  readonly detectEveryNs: number;
  readonly smooth: boolean;
}

interface FollowedPerson {
  body: LocatedBody;
  readonly smoother: LandmarkSmoother;
}

/**
 * Follows people by their landmarks from frame to frame, and asks the detector only at an interval
 * and when somebody was lost; not at all while as many people are followed as are wanted.
 */
export class PoseFollower implements PoseFinder {
  readonly #detector: PoseDetector;
  readonly #model: PoseLandmarkModel;
  readonly #options: PoseFollowerOptions;
  #followed: FollowedPerson[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;
  #hasLost = true;

  constructor(detector: PoseDetector, model: PoseLandmarkModel, options: PoseFollowerOptions) {
    this.#detector = detector;
    this.#model = model;
    this.#options = options;
  }

  async find(frame: Frame, signal: AbortSignal): Promise<readonly FoundPose[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    await this.#follow(frame, signal);
    const { maxPeople, detectEveryNs } = this.#options;
    const isDue =
      this.#hasLost || this.#followed.length === 0 || tNs - this.#detectedNs >= detectEveryNs;
    if (isDue && this.#followed.length < maxPeople) await this.#search(frame, signal);
    return this.#followed.map((person) => this.#found(person, tNs));
  }

  reset(): void {
    this.#followed = [];
    this.#hasLost = true;
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
  }

  async #follow(frame: Frame, signal: AbortSignal): Promise<void> {
    const rois = this.#followed.map(({ body }) => regionOfCircle(body.centre, body.rim));
    const bodies = await this.#model.locate(frame, rois, signal);
    const kept: FollowedPerson[] = [];
    for (const [i, person] of this.#followed.entries()) {
      const body = bodies[i]!;
      if (!isBody(body)) continue;
      // Two that have slid onto one body are one.
      if (kept.some((other) => isSameBody(other.body, body))) continue;
      person.body = body;
      kept.push(person);
    }
    this.#hasLost = kept.length < this.#followed.length;
    this.#followed = kept;
  }

  async #search(frame: Frame, signal: AbortSignal): Promise<void> {
    this.#detectedNs = frame.tSrcNs;
    this.#hasLost = false;
    const detections = await this.#detector.detect(frame, signal);
    const fresh = detections
      .filter((one) => this.#followed.every(({ body }) => !isDetectionOf(one, body)))
      .filter(hasRegion)
      .slice(0, this.#options.maxPeople - this.#followed.length);
    const bodies = await this.#model.locate(frame, fresh.map(regionOfDetection), signal);
    for (const body of bodies) {
      if (!isBody(body) || this.#followed.some((other) => isSameBody(other.body, body))) continue;
      this.#followed.push({ body, smoother: new LandmarkSmoother() });
    }
  }

  #found({ body, smoother }: FollowedPerson, tNs: number): FoundPose {
    const sizePx = regionOfCircle(body.centre, body.rim).width;
    const landmarks = this.#options.smooth
      ? smoother.smooth(body.landmarks, sizePx, tNs)
      : body.landmarks;
    return { confidence: body.presence, landmarks, keypoints: cocoView(landmarks) };
  }
}

/** A body that can be looked for again: one whose circle has no size cannot. */
const isBody = ({ presence, centre, rim }: LocatedBody): boolean =>
  presence >= MIN_PRESENCE && Math.hypot(rim.x - centre.x, rim.y - centre.y) >= 1;

const hasRegion = ({ keypoints: [centre, rim] }: Detection): boolean =>
  Math.hypot(rim!.x - centre!.x, rim!.y - centre!.y) >= 1;
