import {
  COCO_KEYPOINTS,
  NS_PER_SEC,
  type BodyKeypoints,
  type Frame,
  type RotatedRoi,
} from 'vpx-sdk';
import type { FoundPose, PoseFinder } from '../follow/found-pose.ts';
import type { MoveNetModel } from './movenet-model.ts';
import { regionOfBody, wholePicture } from './movenet-region.ts';

/** A frame that comes later than this after the last one is looked at whole. */
const MAX_STEP_NS = 0.5 * NS_PER_SEC;
/** There is a person if the core of the body is seen by this much, on average. */
const MIN_CONFIDENCE = 0.5;
// Head and shoulders.
const CORE_COUNT = 7;

/** Finds the main person with MoveNet, in a region that follows the person from frame to frame. */
export class MoveNetFinder implements PoseFinder {
  readonly #model: MoveNetModel;
  #region: RotatedRoi | undefined;
  #lastNs = -Infinity;

  constructor(model: MoveNetModel) {
    this.#model = model;
  }

  async find(frame: Frame, signal: AbortSignal): Promise<readonly FoundPose[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    const { width, height } = frame;
    const region = this.#region ?? wholePicture(width, height);
    const keypoints = await this.#model.locate(frame, region, signal);
    const confidence = confidenceOf(keypoints);
    if (confidence < MIN_CONFIDENCE) {
      this.#region = undefined;
      return [];
    }
    this.#region = regionOfBody(keypoints, width, height);
    return [{ confidence, keypoints }];
  }

  reset(): void {
    this.#region = undefined;
    this.#lastNs = -Infinity;
  }
}

function confidenceOf({ points }: BodyKeypoints): number {
  const core = COCO_KEYPOINTS.slice(0, CORE_COUNT).map((name) => points[name].visibility);
  return core.reduce((sum, visibility) => sum + visibility, 0) / core.length;
}
