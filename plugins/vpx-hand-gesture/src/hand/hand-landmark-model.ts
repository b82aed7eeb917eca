import {
  HAND_LANDMARK_FULL,
  HAND_LANDMARK_LITE,
  InputBuffer,
  roiToPixels,
  warpTensor,
  type CatalogueHandLandmarks,
  type Frame,
  type HandLandmarks,
  type InferenceEngine,
  type InferenceSession,
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
  readonly #session: InferenceSession;
  readonly #input = new InputBuffer();

  private constructor(model: CatalogueHandLandmarks, session: InferenceSession) {
    this.#model = model;
    this.#session = session;
  }

  /** Loads the model into an engine. */
  static async load(engine: InferenceEngine, size: HandModelSize): Promise<HandLandmarkModel> {
    const model = MODELS[size];
    return new HandLandmarkModel(model, await engine.load(model.ref));
  }

  /** What the model makes of each region, a hand or not; one inference for all. */
  async locate(
    frame: Frame,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly HandReading[]> {
    if (rois.length === 0) return [];
    const { input, outputs, landmarkCount } = this.#model;
    const size = input.sizePx;
    const pictureLength = size * size * 3;
    const data = this.#input.take(rois.length * pictureLength);
    for (const [i, roi] of rois.entries()) {
      const into = data.subarray(i * pictureLength, (i + 1) * pictureLength);
      warpTensor(frame, roi, { size, range: input.range, into });
    }
    const results = await this.#session.run(
      { [input.name]: { data, dims: [rois.length, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#input.giveBack(buffer) },
    );
    const presences = results[outputs.presence]!.data;
    const rightnesses = results[outputs.rightness]!.data;
    const length = landmarkCount * 3;
    const rowOf = (output: string, i: number) =>
      results[output]!.data.subarray(i * length, (i + 1) * length);
    return rois.map((roi, i) => {
      const presence = presences[i]!;
      const points = toPixels(rowOf(outputs.landmarks, i), roi, size);
      const worldPoints = turn(rowOf(outputs.worldLandmarks, i), roi.rotationRad);
      const rightness = rightnesses[i]!;
      return { landmarks: { space: 'px', points, worldPoints }, presence, rightness };
    });
  }
}

/** From pixels of the network's input to pixels of the frame; depth is scaled along. */
function toPixels(landmarks: Float32Array, roi: RotatedRoi, size: number): Float32Array {
  const points = new Float32Array(landmarks.length);
  const depthScale = roi.width / size;
  for (let i = 0; i < landmarks.length; i += 3) {
    const { x, y } = roiToPixels(roi, size, landmarks[i]!, landmarks[i + 1]!);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = landmarks[i + 2]! * depthScale;
  }
  return points;
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
