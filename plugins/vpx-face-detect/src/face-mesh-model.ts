import {
  FACE_LANDMARK_MESH,
  InputBuffer,
  roiToPixels,
  sigmoid,
  warpTensor,
  type FaceMesh,
  type Frame,
  type InferenceEngine,
  type InferenceSession,
  type RotatedRoi,
} from 'vpx-sdk';

/** Below this the model says that what it was shown is no face (MediaPipe's own threshold). */
const MIN_PRESENCE = 0.5;

/** MediaPipe's face mesh: 468 landmarks of one face each. */
export class FaceMeshModel {
  readonly #session: InferenceSession;
  readonly #input = new InputBuffer();

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Loads the model into an engine. */
  static async load(engine: InferenceEngine): Promise<FaceMeshModel> {
    const { landmarks, presence } = FACE_LANDMARK_MESH.outputs;
    return new FaceMeshModel(
      await engine.load(FACE_LANDMARK_MESH.ref, { keepOutputs: [landmarks, presence] }),
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
    const landmarks = results[outputs.landmarks]!.data;
    const logits = results[outputs.presence]!.data;
    return rois.map((roi, i) => {
      const presence = sigmoid(logits[i]!);
      if (presence < MIN_PRESENCE) return undefined;
      const at = i * landmarkCount * 3;
      const points = toPixels(landmarks.subarray(at, at + landmarkCount * 3), roi, size);
      return { space: 'px', points, presence };
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
