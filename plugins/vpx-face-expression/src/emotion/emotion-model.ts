import {
  FACE_EMOTION,
  FACE_EMOTIONS,
  InputBuffers,
  warpTensor,
  type Emotion,
  type Face,
  type Frame,
  type InferenceEngine,
  type InferenceSession,
} from 'vpx-sdk';
import { FACE_VIEWS, regionOf } from './face-views.ts';
import { writeGrey } from './grey-picture.ts';

/** The share of each emotion, together 1. */
export type Emotions = Readonly<Record<Emotion, number>>;

/** The emotion model, shown each face in several crops. */
export class EmotionModel {
  readonly #session: InferenceSession;
  readonly #inputs = new InputBuffers();
  readonly #crop = new Float32Array(FACE_EMOTION.input.sizePx ** 2 * 3);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Loads the model into an engine. @throws `VPX_MODEL_MISSING` unless its package is installed. */
  static async load(engine: InferenceEngine): Promise<EmotionModel> {
    const ref = { ...FACE_EMOTION.ref, from: import.meta.url };
    return new EmotionModel(await engine.load(ref));
  }

  /**
   * The emotions of each face, in their order; one inference for all. What one face gets does not
   * depend on the others.
   */
  async read(frame: Frame, faces: readonly Face[], signal: AbortSignal): Promise<Emotions[]> {
    if (faces.length === 0) return [];
    const { input, outputs } = FACE_EMOTION;
    const { sizePx: size, range } = input;
    const pictureCount = faces.length * FACE_VIEWS.length;
    const data = this.#inputs.take(pictureCount * size * size);
    let at = 0;
    for (const face of faces) {
      for (const { scale, isMirrored } of FACE_VIEWS) {
        const crop = warpTensor(frame, regionOf(face, scale), { size, range, into: this.#crop });
        writeGrey(crop, data.subarray(at, at + size * size), size, isMirrored);
        at += size * size;
      }
    }
    const results = await this.#session.run(
      { [input.name]: { data, dims: [pictureCount, size, size, 1] } },
      { signal, recycle: (_, buffer) => this.#inputs.giveBack(buffer) },
    );
    const rows = results[outputs.emotions]!.data;
    return faces.map((_, i) => meanOfViews(rows, i * FACE_VIEWS.length));
  }
}

/** The mean over the views of one face, whose rows begin at `first`. */
function meanOfViews(rows: Float32Array, first: number): Emotions {
  const entries = FACE_EMOTIONS.map((emotion, k) => {
    let sum = 0;
    for (let view = 0; view < FACE_VIEWS.length; view++) {
      sum += rows[(first + view) * FACE_EMOTIONS.length + k]!;
    }
    return [emotion, sum / FACE_VIEWS.length] as const;
  });
  return Object.fromEntries(entries) as Record<Emotion, number>;
}
