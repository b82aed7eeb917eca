import { iou, type Frame, type RotatedRoi, type SsdDetector } from 'vpx-sdk';
import { newHand, type FollowedHand, type Follower } from './followed-hand.ts';
import type { HandLandmarkModel } from './hand-landmark-model.ts';
import { regionOfLandmarks, regionOfPalm } from './hand-region.ts';

/** Regions that overlap by more than this are of one hand. */
const SAME_REGION = 0.5;

/** Options of {@link MediaPipeFollower}. */
export interface MediaPipeFollowerOptions {
  readonly maxHands: number;
  /** Least score of a palm, and least presence of a hand, 0..1. */
  readonly minConfidence: number;
}

/**
 * Follows hands by the rules of MediaPipe's graph `HandLandmarkTrackingCpu`: regions of the landmarks
 * of the frame before, and while they are fewer than wanted those of palms, of which every one goes
 * that overlaps a later region too much.
 */
export class MediaPipeFollower implements Follower {
  readonly #detector: SsdDetector;
  readonly #model: HandLandmarkModel;
  readonly #options: MediaPipeFollowerOptions;
  #regions: readonly RotatedRoi[] = [];

  /** @param detector - With a least score of `minConfidence`. */
  constructor(detector: SsdDetector, model: HandLandmarkModel, options: MediaPipeFollowerOptions) {
    this.#detector = detector;
    this.#model = model;
    this.#options = options;
  }

  async find(frame: Frame, signal: AbortSignal): Promise<readonly FollowedHand[]> {
    const { maxHands, minConfidence } = this.#options;
    const before = this.#regions;
    const followed = withoutEarlierLikes(before);
    // What the detector sees makes no difference to those that are followed: both at a time.
    const [detections, ofFollowed] = await Promise.all([
      before.length < maxHands ? this.#detector.detect([frame], signal) : [],
      this.#model.locate(frame, followed, signal),
    ]);
    const palms = (detections[0] ?? []).slice(0, maxHands).map(regionOfPalm);
    const fresh = withoutEarlierLikes(palms).filter(
      (palm) => !before.some((one) => isLike(one, palm)),
    );
    const readings = [...(await this.#model.locate(frame, fresh, signal)), ...ofFollowed];
    const seen = readings.filter(({ presence }) => presence > minConfidence);
    this.#regions = seen.map(({ landmarks }) => regionOfLandmarks(landmarks.points));
    return seen.slice(0, maxHands).map((reading) => newHand(reading, frame.tSrcNs));
  }

  reset(): void {
    this.#regions = [];
  }
}

/** The regions but for those that a later one is like. */
const withoutEarlierLikes = (regions: readonly RotatedRoi[]): readonly RotatedRoi[] =>
  regions.filter((region, i) => !regions.slice(i + 1).some((later) => isLike(later, region)));

/** Compares regions as if they were not turned, as MediaPipe has it. */
const isLike = (a: RotatedRoi, b: RotatedRoi): boolean => iou(upright(a), upright(b)) > SAME_REGION;

const upright = ({ cx, cy, width, height }: RotatedRoi) => ({
  x1: cx - width / 2,
  y1: cy - height / 2,
  x2: cx + width / 2,
  y2: cy + height / 2,
});
