import {
  FACE_LANDMARK_ATTENTION,
  FACE_LANDMARK_MESH,
  landmarksToPixels,
  RegionModel,
  roiToPixels,
  sigmoid,
  type FaceMesh,
  type Frame,
  type InferenceEngine,
  type Iris,
  type Point,
  type RegionOutputs,
  type RotatedRoi,
} from 'vpx-sdk';
import { EYES, type Side } from '../eyes/eye-landmarks.ts';

/** Below this the model says that what it was shown is no face (MediaPipe's own threshold). */
const MIN_PRESENCE = 0.5;

/** What the model sees in one region. */
export interface FaceReading {
  readonly mesh: FaceMesh;
  /** Only of the model that looks closer at the eyes. */
  readonly irises: Readonly<Record<Side, Iris>> | undefined;
}

const SIDES = ['right', 'left'] as const;
const EYE_OUTPUTS = {
  right: {
    eye: FACE_LANDMARK_ATTENTION.outputs.rightEye,
    iris: FACE_LANDMARK_ATTENTION.outputs.rightIris,
  },
  left: {
    eye: FACE_LANDMARK_ATTENTION.outputs.leftEye,
    iris: FACE_LANDMARK_ATTENTION.outputs.leftIris,
  },
} as const;
/** MediaPipe's face mesh: 468 landmarks of one face each, and by choice a closer look at its eyes. */
export class FaceMeshModel {
  readonly #regions: RegionModel;
  readonly #withEyes: boolean;

  private constructor(regions: RegionModel, withEyes: boolean) {
    this.#regions = regions;
    this.#withEyes = withEyes;
  }

  /** Loads the model into an engine; `withEyes` costs about four times as much. */
  static async load(engine: InferenceEngine, withEyes: boolean): Promise<FaceMeshModel> {
    const model = withEyes ? FACE_LANDMARK_ATTENTION : FACE_LANDMARK_MESH;
    const outputs = Object.values<string>(model.outputs);
    return new FaceMeshModel(await RegionModel.load(engine, model, outputs), withEyes);
  }

  /** The face in each region, undefined where the model sees none. */
  async locate(
    frame: Frame,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly (FaceReading | undefined)[]> {
    const { input, outputs } = this.#withEyes ? FACE_LANDMARK_ATTENTION : FACE_LANDMARK_MESH;
    const size = input.sizePx;
    const results = await this.#regions.run(frame, rois, signal);
    return results.map((result, i) => {
      const presence = sigmoid(result[outputs.presence]!.data[0]!);
      if (presence < MIN_PRESENCE) return undefined;
      const roi = rois[i]!;
      const points = landmarksToPixels(result[outputs.landmarks]!.data, roi, size);
      const irises = this.#withEyes ? lookAtEyes(result, roi, size, points) : undefined;
      return { mesh: { space: 'px', points, presence }, irises };
    });
  }
}

/** Reads the irises, and puts the lids, which this model sees better, into the mesh. */
function lookAtEyes(
  result: RegionOutputs,
  roi: RotatedRoi,
  size: number,
  points: Float32Array,
): Readonly<Record<Side, Iris>> {
  for (const side of SIDES) {
    const { data } = result[EYE_OUTPUTS[side].eye]!;
    for (const [k, landmark] of EYES[side].contour.entries()) {
      const { x, y } = roiToPixels(roi, size, data[k * 2]!, data[k * 2 + 1]!);
      points[landmark * 3] = x;
      points[landmark * 3 + 1] = y;
    }
  }
  return {
    right: irisOf(result, 'right', roi, size),
    left: irisOf(result, 'left', roi, size),
  };
}

function irisOf(result: RegionOutputs, side: Side, roi: RotatedRoi, size: number): Iris {
  const { data } = result[EYE_OUTPUTS[side].iris]!;
  const point = (k: number): Point => roiToPixels(roi, size, data[k * 2]!, data[k * 2 + 1]!);
  // Points 1 to 4 lie on the rim, opposite ones two apart.
  const diameter = (k: number): number => {
    const [a, b] = [point(k), point(k + 2)];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  return { centre: point(0), radiusPx: (diameter(1) + diameter(2)) / 4 };
}
