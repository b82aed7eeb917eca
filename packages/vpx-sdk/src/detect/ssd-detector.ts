import type { RgbImage } from 'visualbase';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import type { InferenceSession } from '../engine/inference-session.ts';
import { mapFewAtATime } from '../engine/few-at-a-time.ts';
import { InputBuffers } from '../engine/input-buffers.ts';
import { viewOf, type ImageRegion } from '../image/image-region.ts';
import { letterboxTensor, type LetterboxOptions } from '../image/letterbox.ts';
import type { CatalogueDetector } from '../model/catalogue.ts';
import { decodeSsdBoxes } from './decode-ssd.ts';
import { moveDetection, unletterboxDetection, type Detection } from './detection.ts';
import { weightedNms } from './nms.ts';
import { ssdAnchors, type SsdAnchors } from './ssd-anchors.ts';

/** Options of {@link SsdDetector.load}. */
export interface SsdDetectorOptions {
  /** Least score, 0..1. Default: the model's own. */
  readonly scoreThreshold?: number;
  /** As in {@link letterboxTensor}. Default `bilinear`, the quickest; `mean` keeps more of what is small. */
  readonly sampling?: NonNullable<LetterboxOptions['sampling']>;
  /** As in `weightedNms`. Default true. */
  readonly isDistinct?: boolean;
  /**
   * As in `weightedNms`. Default 0: weak detections count as well, which steadies boxes of what is small or blurred.
   */
  readonly minBlendScore?: number;
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
    const { isDistinct = true, minBlendScore = 0 } = options;
    const complete = { scoreThreshold, sampling, isDistinct, minBlendScore };
    return new SsdDetector(model, await engine.load(model.ref), complete);
  }

  /** What is in each picture, in its pixels, highest score first; an inference for each. */
  detect(
    images: readonly RgbImage[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Detection[])[]> {
    return mapFewAtATime(images, this.#session.usefulRunCount, (image) =>
      this.#detectOne(image, signal),
    );
  }

  /** What is in each part of a picture, in pixels of the whole, highest score first; an inference for each. */
  async detectIn(
    image: RgbImage,
    regions: readonly ImageRegion[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Detection[])[]> {
    const views = regions.map((region) => viewOf(image, region));
    const detected = await this.detect(views, signal);
    return detected.map((detections, i) =>
      detections.map((detection) => moveDetection(detection, regions[i]!)),
    );
  }

  async #detectOne(image: RgbImage, signal: AbortSignal): Promise<readonly Detection[]> {
    const { outputs, ssd, input } = this.#model;
    const { sizePx: size, range } = input;
    const { sampling, scoreThreshold } = this.#options;
    const into = this.#inputs.take(size * size * 3);
    const { data, mapping } = letterboxTensor(image, { size, range, sampling, into });
    const results = await this.#session.run(
      { [input.name]: { data, dims: [1, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#inputs.giveBack(buffer) },
    );
    const found = decodeSsdBoxes(
      { boxes: results[outputs.boxes]!.data, scores: results[outputs.scores]!.data },
      { spec: ssd, anchors: this.#anchors, scoreThreshold },
    );
    const joined = weightedNms(found, this.#options);
    return joined.map((detection) => unletterboxDetection(mapping, detection));
  }
}
