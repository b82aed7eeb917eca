import {
  decodeSsdBoxes,
  InputBuffer,
  letterboxTensor,
  POSE_DETECTION,
  ssdAnchors,
  unletterboxDetection,
  weightedNms,
  type Detection,
  type Frame,
  type InferenceEngine,
  type InferenceSession,
} from 'vpx-sdk';

/** BlazePose's detector: the heads of people, each with the circle around its body. */
export class PoseDetector {
  readonly #anchors = ssdAnchors(POSE_DETECTION.ssd);
  readonly #session: InferenceSession;
  readonly #input = new InputBuffer();

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Loads the model into an engine. */
  static async load(engine: InferenceEngine): Promise<PoseDetector> {
    return new PoseDetector(await engine.load(POSE_DETECTION.ref));
  }

  /** The people of a frame in pixels whose score is at least `minScore`, most certain first. */
  async detect(frame: Frame, minScore: number, signal: AbortSignal): Promise<readonly Detection[]> {
    const { input, outputs, ssd } = POSE_DETECTION;
    const size = input.sizePx;
    const into = this.#input.take(size * size * 3);
    const { data, mapping } = letterboxTensor(frame, { size, range: input.range, into });
    const results = await this.#session.run(
      { [input.name]: { data, dims: [1, size, size, 3] } },
      { signal, recycle: (_, buffer) => this.#input.giveBack(buffer) },
    );
    const found = decodeSsdBoxes(
      { boxes: results[outputs.boxes]!.data, scores: results[outputs.scores]!.data },
      { spec: ssd, anchors: this.#anchors, scoreThreshold: minScore },
    );
    return weightedNms(found).map((detection) => unletterboxDetection(mapping, detection));
  }
}
