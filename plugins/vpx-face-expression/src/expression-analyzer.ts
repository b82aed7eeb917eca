import {
  ModelModule,
  type DepsOf,
  type Face,
  type FaceExpression,
  type FaceExpressionData,
  type Frame,
  type InferenceEngine,
  type Mark,
  type MaybePromise,
  type ModuleCapabilities,
  type Observation,
  type ObservationInit,
  type PortSchema,
  type ProcessContext,
} from 'vpx-sdk';
import { EmotionModel, type Emotions } from './emotion/emotion-model.ts';
import { marksOfExpression } from './expression-marks.ts';
import { checkedOptions, type ExpressionOptions } from './expression-options.ts';
import { EXPRESSION_SIGNALS, signalsOf } from './expression-signals.ts';
import { measureFace } from './geometry/face-geometry.ts';
import { smileScore } from './geometry/smile-score.ts';
import { ExpressionMemory } from './memory/expression-memory.ts';

type Result = ObservationInit<FaceExpressionData> | undefined;

/**
 * The module `face.expression`: what each face shows. Seven emotions by a model, smoothed over time,
 * and with a `face.detect` that has the `mesh` option smile, mouth, eyes and brows.
 */
export class ExpressionAnalyzer extends ModelModule<EmotionModel, FaceExpressionData> {
  readonly name = 'face.expression';
  override readonly depends = ['face.detect'] as const;
  override readonly dependencyOptions = { 'face.detect': { mesh: true } };
  override readonly stateful = true;
  override readonly capabilities: ModuleCapabilities = { flags: ['STATEFUL', 'DETERMINISTIC'] };
  override readonly portSchema: PortSchema = {
    inputs: { face_count: 'number' },
    outputs: EXPRESSION_SIGNALS,
  };
  readonly #wantsEmotions: boolean;
  readonly #memory: ExpressionMemory;

  /** @throws RangeError or TypeError naming the option that is wrong. */
  constructor(options: ExpressionOptions = {}) {
    super(options.engine);
    const { emotions, smoothingSec } = checkedOptions(options);
    this.#wantsEmotions = emotions;
    this.#memory = new ExpressionMemory(smoothingSec);
  }

  override async initialize(): Promise<void> {
    if (this.#wantsEmotions) await super.initialize();
  }

  protected override load(engine: InferenceEngine): Promise<EmotionModel> {
    return EmotionModel.load(engine);
  }

  process(
    frame: Frame,
    deps: DepsOf<['face.detect']>,
    { signal }: ProcessContext,
  ): MaybePromise<Result> {
    const faces = deps['face.detect'].data?.faces ?? [];
    const tNs = frame.tSrcNs;
    if (!this.#wantsEmotions) return this.#observe(tNs, faces);
    return this.models
      .read(frame, faces, signal)
      .then((emotions) => this.#observe(tNs, faces, emotions));
  }

  override annotate({ data }: Observation<FaceExpressionData>): readonly Mark[] {
    return data?.expressions.flatMap(marksOfExpression) ?? [];
  }

  override reset(): void {
    this.#memory.reset();
  }

  /** @param emotions - Of each face, in their order. */
  #observe(tNs: number, faces: readonly Face[], emotions?: readonly Emotions[]): Result {
    this.#memory.forget(tNs);
    const expressions: FaceExpression[] = [];
    for (const [i, { trackId, box, mesh }] of faces.entries()) {
      const measures = mesh && measureFace(mesh.points);
      if (measures === undefined && emotions === undefined) continue;
      const smile = measures && smileScore(measures);
      const seen = { emotions: emotions?.[i], smile, measures };
      expressions.push({
        trackId,
        box,
        ...this.#memory.update(trackId, tNs, seen),
        ...(smile !== undefined && { smile }),
        ...measures,
      });
    }
    if (expressions.length === 0) return undefined;
    // The main face is the first; its signals must not be another's.
    const main = expressions.find(({ trackId }) => trackId === faces[0]?.trackId);
    return { signals: signalsOf(main), data: { expressions } };
  }
}
