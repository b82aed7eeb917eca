import {
  decodeSsdBoxes,
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  InputBuffer,
  letterboxTensor,
  ssdAnchors,
  unletterboxDetection,
  weightedNms,
  type CatalogueDetector,
  type Detection,
  type Frame,
  type InferenceEngine,
  type InferenceSession,
} from 'vpx-sdk';

/** How far from the camera faces may be: `short` about two metres, `full` about five. */
export type FaceRange = 'short' | 'full';

const MODELS: Readonly<Record<FaceRange, CatalogueDetector>> = {
  short: FACE_DETECTION_SHORT_RANGE,
  full: FACE_DETECTION_FULL_RANGE,
};

/** BlazeFace: boxes with six keypoints. */
export class FaceDetector {
  readonly #model: CatalogueDetector;
  readonly #anchors: Float32Array;
  readonly #session: InferenceSession;
  readonly #scoreThreshold: number;
  readonly #input = new InputBuffer();

  private constructor(
    model: CatalogueDetector,
    session: InferenceSession,
    scoreThreshold: number | undefined,
  ) {
    this.#model = model;
    this.#anchors = ssdAnchors(model.ssd);
    this.#session = session;
    this.#scoreThreshold = scoreThreshold ?? model.scoreThreshold;
  }

  /** Loads the model of a range into an engine. */
  static async load(
    engine: InferenceEngine,
    range: FaceRange,
    scoreThreshold: number | undefined,
  ): Promise<FaceDetector> {
    const model = MODELS[range];
    return new FaceDetector(model, await engine.load(model.ref), scoreThreshold);
  }

  /** The faces of each frame in pixels, most certain first; one inference for all frames. */
  async detect(
    frames: readonly Frame[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Detection[])[]> {
    const { input, outputs, ssd } = this.#model;
    const size = input.sizePx;
    const pictureLength = size * size * 3;
    const data = this.#input.take(frames.length * pictureLength);
    const mappings = frames.map((frame, i) => {
      const into = data.subarray(i * pictureLength, (i + 1) * pictureLength);
      return letterboxTensor(frame, { size, range: input.range, into }).mapping;
    });
    const results = await this.#session.run(
      { [input.name]: { data, dims: [frames.length, size, size, 3] } },
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
