import type { RgbImage } from 'visualbase';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import type { InferenceSession } from '../engine/inference-session.ts';
import { mapFewAtATime } from '../engine/few-at-a-time.ts';
import { InputBuffers } from '../engine/input-buffers.ts';
import { letterboxTensor, type LetterboxMapping } from '../image/letterbox.ts';
import { warpTensor } from '../image/warp.ts';
import type { CatalogueDetector } from '../model/catalogue.ts';
import { decodeSsdBoxes } from './decode-ssd.ts';
import { unletterboxDetection, type Detection } from './detection.ts';
import { weightedNms } from './nms.ts';
import { ssdAnchors, type SsdAnchors } from './ssd-anchors.ts';

/**
 * How a detector's pictures are scaled: `bilinear` and `mean` as in `letterboxTensor`, `opencv` as in
 * `warpTensor`.
 */
export type PictureSampling = 'bilinear' | 'mean' | 'opencv';

/** Options of {@link SsdDetector.load}. */
export interface SsdDetectorOptions {
  /** Least score, 0..1. Default: the model's own. */
  readonly scoreThreshold?: number;
  /** How pictures are scaled. Default `bilinear`, the quickest; `mean` keeps more of what is small. */
  readonly sampling?: PictureSampling;
  /** As in `weightedNms`. Default true. */
  readonly isDistinct?: boolean;
}

/** A detector of the catalogue, from pictures to detections. */
export class SsdDetector {
  readonly #model: CatalogueDetector;
  readonly #anchors: SsdAnchors;
  readonly #session: InferenceSession;
  readonly #options: Required<SsdDetectorOptions>;
  readonly #inputs = new InputBuffers();

  private constructor(
    model: CatalogueDetector,
    session: InferenceSession,
    options: Required<SsdDetectorOptions>,
  ) {
    this.#model = model;
    this.#anchors = ssdAnchors(model.ssd);
    this.#session = session;
    this.#options = options;
  }

  /**
   * Loads a model into an engine, which releases it when it closes.
   *
   * @throws As `InferenceEngine.load`.
   */
  static async load(
    engine: InferenceEngine,
    model: CatalogueDetector,
    options: SsdDetectorOptions = {},
  ): Promise<SsdDetector> {
    const { scoreThreshold = model.scoreThreshold, sampling = 'bilinear' } = options;
    const complete = { scoreThreshold, sampling, isDistinct: options.isDistinct ?? true };
    return new SsdDetector(model, await engine.load(model.ref), complete);
  }

  /** What is in each picture, in its pixels, highest score first; an inference for each. */
  detect(
    images: readonly RgbImage[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Detection[])[]> {
    return mapFewAtATime(images, this.#session.usefulRunCount, (image) =>
      this.#detectIn(image, signal),
    );
  }

  async #detectIn(image: RgbImage, signal: AbortSignal): Promise<readonly Detection[]> {
    const { input, outputs, ssd } = this.#model;
    const size = input.sizePx;
    const data = this.#inputs.take(size * size * 3);
    const mapping = this.#letterbox(image, data);
    const results = await this.#session.run(
      { [input.name]: { data, dims: [1, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#inputs.giveBack(buffer) },
    );
    const found = decodeSsdBoxes(
      { boxes: results[outputs.boxes]!.data, scores: results[outputs.scores]!.data },
      { spec: ssd, anchors: this.#anchors, scoreThreshold: this.#options.scoreThreshold },
    );
    const joined = weightedNms(found, this.#options);
    return joined.map((detection) => unletterboxDetection(mapping, detection));
  }

  #letterbox(image: RgbImage, into: Float32Array<ArrayBuffer>): LetterboxMapping {
    const { sizePx: size, range } = this.#model.input;
    const { sampling } = this.#options;
    if (sampling !== 'opencv') {
      return letterboxTensor(image, { size, range, sampling, into }).mapping;
    }
    const { width, height } = image;
    const side = Math.max(width, height);
    const square = { cx: width / 2, cy: height / 2, width: side, height: side, rotationRad: 0 };
    const options = { size, range, outside: 'black', align: 'corner', maxStepPx: 4, into } as const;
    warpTensor(image, square, options);
    const scale = size / side;
    return {
      sizePx: size,
      leftPx: (size - width * scale) / 2,
      topPx: (size - height * scale) / 2,
      scaleX: scale,
      scaleY: scale,
    };
  }
}
