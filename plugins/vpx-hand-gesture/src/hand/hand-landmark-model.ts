import {
  HAND_LANDMARK_FULL,
  HAND_LANDMARK_LITE,
  landmarksToPixels,
  RegionModel,
  type CatalogueHandLandmarks,
  type Frame,
  type HandLandmarks,
  type InferenceEngine,
  type RotatedRoi,
} from 'vpx-sdk';

/** `full` is the more exact model, `lite` costs a third. */
export type HandModelSize = 'lite' | 'full';

const MODELS: Readonly<Record<HandModelSize, CatalogueHandLandmarks>> = {
  lite: HAND_LANDMARK_LITE,
  full: HAND_LANDMARK_FULL,
};

/** What the model says of one region. */
export interface HandReading {
  readonly landmarks: HandLandmarks;
  /** How sure the model is that there is a hand, 0..1. */
  readonly presence: number;
  /** How sure it is that this is the person's right hand in a picture that is not mirrored, 0..1. */
  readonly rightness: number;
}

/** MediaPipe's hand landmarks: 21 points of one hand each. */
export class HandLandmarkModel {
  readonly #model: CatalogueHandLandmarks;
  readonly #regions: RegionModel;

  private constructor(model: CatalogueHandLandmarks, regions: RegionModel) {
    this.#model = model;
    this.#regions = regions;
  }

  /** Loads the model into an engine. */
  static async load(engine: InferenceEngine, size: HandModelSize): Promise<HandLandmarkModel> {
    const model = MODELS[size];
    return new HandLandmarkModel(model, await RegionModel.load(engine, model));
  }

  /** What the model makes of each region, a hand or not. */
  async locate(
    frame: Frame,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly HandReading[]> {
    const { input, outputs } = this.#model;
    const results = await this.#regions.run(frame, rois, signal);
    return results.map((result, i) => {
      const roi = rois[i]!;
      const points = landmarksToPixels(result[outputs.landmarks]!.data, roi, input.sizePx);
      const worldPoints = turn(result[outputs.worldLandmarks]!.data, roi.rotationRad);
      const presence = result[outputs.presence]!.data[0]!;
      const rightness = result[outputs.rightness]!.data[0]!;
      return { landmarks: { space: 'px', points, worldPoints }, presence, rightness };
    });
  }
}

/** From the axes of the region to those of the frame. */
function turn(landmarks: Float32Array, rotationRad: number): Float32Array {
  const points = new Float32Array(landmarks);
  const cos = Math.cos(rotationRad);
  const sin = Math.sin(rotationRad);
  for (let i = 0; i < landmarks.length; i += 3) {
    points[i] = landmarks[i]! * cos - landmarks[i + 1]! * sin;
    points[i + 1] = landmarks[i]! * sin + landmarks[i + 1]! * cos;
  }
  return points;
}
