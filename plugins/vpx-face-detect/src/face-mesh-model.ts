import {
  FACE_LANDMARK_MESH,
  landmarksToPixels,
  RegionModel,
  sigmoid,
  type FaceMesh,
  type Frame,
  type InferenceEngine,
  type RotatedRoi,
} from 'vpx-sdk';

/** Below this the model says that what it was shown is no face (MediaPipe's own threshold). */
const MIN_PRESENCE = 0.5;

/** MediaPipe's face mesh: 468 landmarks of one face each. */
export class FaceMeshModel {
  readonly #regions: RegionModel;

  private constructor(regions: RegionModel) {
    this.#regions = regions;
  }

  /** Loads the model into an engine. */
  static async load(engine: InferenceEngine): Promise<FaceMeshModel> {
    const { landmarks, presence } = FACE_LANDMARK_MESH.outputs;
    return new FaceMeshModel(
      await RegionModel.load(engine, FACE_LANDMARK_MESH, [landmarks, presence]),
    );
  }

  /** The mesh in each region, undefined where the model sees no face; one inference for all. */
  async locate(
    frame: Frame,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly (FaceMesh | undefined)[]> {
    if (rois.length === 0) return [];
    const { input, outputs, landmarkCount } = FACE_LANDMARK_MESH;
    const size = input.sizePx;
    const results = await this.#regions.run(frame, rois, signal);
    const landmarks = results[outputs.landmarks]!.data;
    const logits = results[outputs.presence]!.data;
    return rois.map((roi, i) => {
      const presence = sigmoid(logits[i]!);
      if (presence < MIN_PRESENCE) return undefined;
      const at = i * landmarkCount * 3;
      const points = landmarksToPixels(landmarks.subarray(at, at + landmarkCount * 3), roi, size);
      return { space: 'px', points, presence };
    });
  }
}
