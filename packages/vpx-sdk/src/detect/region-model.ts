import type { RgbImage } from 'visualbase';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import type { InferenceSession } from '../engine/inference-session.ts';
import { InputBuffer } from '../engine/input-buffer.ts';
import type { RotatedRoi } from '../image/rotated-roi.ts';
import { roiToPixels, warpTensor, type Sampling } from '../image/warp.ts';
import type { CatalogueModel } from '../model/catalogue.ts';

/** A model of the catalogue that looks at turned regions of a picture, many in one inference. */
export class RegionModel {
  readonly #model: CatalogueModel;
  readonly #session: InferenceSession;
  readonly #sampling: Sampling;
  readonly #input = new InputBuffer();

  private constructor(model: CatalogueModel, session: InferenceSession, sampling: Sampling) {
    this.#model = model;
    this.#session = session;
    this.#sampling = sampling;
  }

  /**
   * Loads a model into an engine, which releases it when it closes.
   *
   * @param keepOutputs - The outputs that are needed; the others are not computed. Default: all.
   * @param sampling - How regions are cut out. Default `'exact'`.
   * @throws As `InferenceEngine.load`.
   */
  static async load(
    engine: InferenceEngine,
    model: CatalogueModel,
    keepOutputs?: readonly string[],
    sampling: Sampling = 'exact',
  ): Promise<RegionModel> {
    const options = keepOutputs === undefined ? {} : { keepOutputs };
    return new RegionModel(model, await engine.load(model.ref, options), sampling);
  }

  /** Runs the model on at least one region; outputs have one row for each, in their order. */
  async run(
    image: RgbImage,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): ReturnType<InferenceSession['run']> {
    const { name, sizePx: size, range } = this.#model.input;
    const pictureLength = size * size * 3;
    const data = this.#input.take(rois.length * pictureLength);
    for (const [i, roi] of rois.entries()) {
      const into = data.subarray(i * pictureLength, (i + 1) * pictureLength);
      warpTensor(image, roi, { size, range, into, sampling: this.#sampling });
    }
    return this.#session.run(
      { [name]: { data, dims: [rois.length, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#input.giveBack(buffer) },
    );
  }
}

/** Landmarks (x, y, z each) from pixels of a network's input to those of the picture; depth is scaled along. */
export function landmarksToPixels(
  landmarks: Float32Array,
  roi: RotatedRoi,
  inputSizePx: number,
): Float32Array {
  const points = new Float32Array(landmarks.length);
  const depthScale = roi.width / inputSizePx;
  for (let i = 0; i < landmarks.length; i += 3) {
    const { x, y } = roiToPixels(roi, inputSizePx, landmarks[i]!, landmarks[i + 1]!);
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = landmarks[i + 2]! * depthScale;
  }
  return points;
}
