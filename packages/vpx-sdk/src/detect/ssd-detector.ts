import type { RgbImage } from 'visualbase';
import type { InferenceEngine } from '../engine/inference-engine.ts';
import type { InferenceSession } from '../engine/inference-session.ts';
import { InputBuffer } from '../engine/input-buffer.ts';
import { letterboxTensor } from '../image/letterbox.ts';
import type { CatalogueDetector } from '../model/catalogue.ts';
import { decodeSsdBoxes } from './decode-ssd.ts';
import { unletterboxDetection, type Detection } from './detection.ts';
import { weightedNms } from './nms.ts';
import { ssdAnchors, type SsdAnchors } from './ssd-anchors.ts';

/** A detector of the catalogue, from pictures to detections. */
export class SsdDetector {
  readonly #model: CatalogueDetector;
  readonly #anchors: SsdAnchors;
  readonly #session: InferenceSession;
  readonly #scoreThreshold: number;
  readonly #input = new InputBuffer();

  private constructor(model: CatalogueDetector, session: InferenceSession, scoreThreshold: number) {
    this.#model = model;
    this.#anchors = ssdAnchors(model.ssd);
    this.#session = session;
    this.#scoreThreshold = scoreThreshold;
  }

  /**
   * Loads a model into an engine, which releases it when it closes.
   *
   * @param scoreThreshold - Least score, 0..1. Default: the model's own.
   * @throws As `InferenceEngine.load`.
   */
  static async load(
    engine: InferenceEngine,
    model: CatalogueDetector,
    scoreThreshold: number = model.scoreThreshold,
  ): Promise<SsdDetector> {
    return new SsdDetector(model, await engine.load(model.ref), scoreThreshold);
  }

  /** What is in each picture, in its pixels, highest score first; one inference for all pictures. */
  async detect(
    images: readonly RgbImage[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Detection[])[]> {
    const { input, outputs, ssd } = this.#model;
    const size = input.sizePx;
    const pictureLength = size * size * 3;
    const data = this.#input.take(images.length * pictureLength);
    const mappings = images.map((image, i) => {
      const into = data.subarray(i * pictureLength, (i + 1) * pictureLength);
      return letterboxTensor(image, { size, range: input.range, sampling: 'bilinear', into })
        .mapping;
    });
    const results = await this.#session.run(
      { [input.name]: { data, dims: [images.length, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#input.giveBack(buffer) },
    );
    const anchorCount = this.#anchors.length / 2;
    const rowLength = 4 + ssd.keypointCount * 2;
    const boxes = results[outputs.boxes]!.data;
    const scores = results[outputs.scores]!.data;
    return mappings.map((mapping, i) => {
      const found = decodeSsdBoxes(
        {
          boxes: boxes.subarray(i * anchorCount * rowLength, (i + 1) * anchorCount * rowLength),
          scores: scores.subarray(i * anchorCount, (i + 1) * anchorCount),
        },
        { spec: ssd, anchors: this.#anchors, scoreThreshold: this.#scoreThreshold },
      );
      return weightedNms(found).map((detection) => unletterboxDetection(mapping, detection));
    });
  }
}
