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
    let regions: RotatedRoi[] = [];
    const add = (region: RotatedRoi): void => {
      regions = regions.filter((other) => overlap(other, region) <= SAME_REGION);
      regions.push(region);
    };
    if (this.#regions.length < maxHands) {
      const [palms] = await this.#detector.detect([frame], signal);
      for (const palm of palms!.slice(0, maxHands)) add(regionOfPalm(palm));
    }
    for (const region of this.#regions) add(region);
    const readings = await this.#model.locate(frame, regions, signal);
    const seen = readings.filter(({ presence }) => presence > minConfidence);
    this.#regions = seen.map(({ landmarks }) => regionOfLandmarks(landmarks.points));
    return seen.slice(0, maxHands).map((reading) => newHand(reading, frame.tSrcNs));
  }

  reset(): void {
    this.#regions = [];
  }
}

/** Of the regions as if they were not turned, as MediaPipe has it. */
function overlap(a: RotatedRoi, b: RotatedRoi): number {
  return iou(upright(a), upright(b));
}

const upright = ({ cx, cy, width, height }: RotatedRoi) => ({
  x1: cx - width / 2,
  y1: cy - height / 2,
  x2: cx + width / 2,
  y2: cy + height / 2,
});
