import type { RgbImage } from 'visualbase';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import type { InferenceSession } from '../engine/inference-session.ts';
import { mapFewAtATime } from '../engine/few-at-a-time.ts';
import { InputBuffers } from '../engine/input-buffers.ts';
import type { TensorData } from '../engine/tensor-data.ts';
import type { RotatedRoi } from '../image/rotated-roi.ts';
import { roiToPixels, warpTensor } from '../image/warp.ts';
import type { CatalogueModel } from '../model/catalogue.ts';

/**
 * Regions are sampled as in MediaPipe but for very small ones, whose content it shifts by a few percent: half
 * a pixel of the picture.
 */
const MIN_STEP_PX = 0.25;

/** What a model says of one region: its outputs by name. */
export type RegionOutputs = Readonly<Record<string, TensorData>>;

/**
 * A model of the catalogue that looks at turned regions of a picture, each in an inference of its own:
 * several for one would be no quicker, and with lanes (`laneCount` of the engine) they run side by side.
 */
export class RegionModel {
  readonly #model: CatalogueModel;
  readonly #session: InferenceSession;
  readonly #inputs = new InputBuffers();

  private constructor(model: CatalogueModel, session: InferenceSession) {
    this.#model = model;
    this.#session = session;
  }

  /**
   * Loads a model into an engine, which releases it when it closes.
   *
   * @param keepOutputs - The outputs that are needed; the others are not computed. Default: all.
   * @throws As `InferenceEngine.load`.
   */
  static async load(
    engine: InferenceEngine,
    model: CatalogueModel,
    keepOutputs?: readonly string[],
  ): Promise<RegionModel> {
    const options = keepOutputs === undefined ? {} : { keepOutputs };
    return new RegionModel(model, await engine.load(model.ref, options));
  }

  /** Runs the model on each region; one result for each, in their order. */
  run(
    image: RgbImage,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly RegionOutputs[]> {
    return mapFewAtATime(rois, this.#session.usefulRunCount, (roi) =>
      this.#runOne(image, roi, signal),
    );
  }

  async #runOne(image: RgbImage, roi: RotatedRoi, signal: AbortSignal): Promise<RegionOutputs> {
    const { name, sizePx: size, range } = this.#model.input;
    const data = this.#inputs.take(size * size * 3);
    const align = roi.width < size * MIN_STEP_PX ? 'centre' : 'corner';
    warpTensor(image, roi, { size, range, align, maxStepPx: Infinity, into: data });
    return this.#session.run(
      { [name]: { data, dims: [1, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#inputs.giveBack(buffer) },
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
