import {
  InputBuffers,
  MOVENET_LIGHTNING,
  roiToPixels,
  warpTensor,
  type BodyKeypoints,
  type Frame,
  type InferenceEngine,
  type InferenceSession,
  type RotatedRoi,
} from 'vpx-sdk';
import { cocoKeypoints } from '../coco-view.ts';

/** A score from which MoveNet's own programs draw a point. */
const SHOWN_SCORE = 0.3;

/** MoveNet: the 17 keypoints of the main person in a square. */
export class MoveNetModel {
  readonly #session: InferenceSession;
  readonly #inputs = new InputBuffers();

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Loads the model into an engine. @throws `VPX_MODEL_MISSING` unless its package is installed. */
  static async load(engine: InferenceEngine): Promise<MoveNetModel> {
    return new MoveNetModel(await engine.load(MOVENET_LIGHTNING.ref));
  }

  /** The keypoints of whoever is most likely in a region, however unlikely. */
  async locate(frame: Frame, roi: RotatedRoi, signal: AbortSignal): Promise<BodyKeypoints> {
    const { input, outputs } = MOVENET_LIGHTNING;
    const size = input.sizePx;
    const into = this.#inputs.take(size * size * 3);
    const data = warpTensor(frame, roi, { size, range: input.range, outside: 'black', into });
    // The model was made for whole numbers.
    for (let i = 0; i < data.length; i++) data[i] = Math.round(data[i]!);
    const results = await this.#session.run(
      { [input.name]: { data, dims: [1, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#inputs.giveBack(buffer) },
    );
    const rows = results[outputs.keypoints]!.data;
    return cocoKeypoints((i) => ({
      ...roiToPixels(roi, 1, rows[i * 3 + 1]!, rows[i * 3]!),
      visibility: visibilityOf(rows[i * 3 + 2]!),
    }));
  }
}

/** From MoveNet's scores to the scale of visibilities, on which 0.5 divides seen from guessed. */
function visibilityOf(score: number): number {
  const visibility =
    score < SHOWN_SCORE
      ? (0.5 * score) / SHOWN_SCORE
      : 0.5 + (0.5 * (score - SHOWN_SCORE)) / (1 - SHOWN_SCORE);
  return Math.min(Math.max(visibility, 0), 1);
}
