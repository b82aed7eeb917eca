import {
  Module,
  type DepsOf,
  type FaceExpression,
  type FaceExpressionData,
  type Frame,
  type ObservationInit,
  type PortSchema,
} from 'vpx-sdk';
import { measureFace } from './face-geometry.ts';
import { smileScore } from './smile-score.ts';

/**
 * The module `face.expression`: smile, mouth and eyes of each face, from the geometry of its mesh.
 * Needs a `face.detect` with the `mesh` option; a face without a mesh gets no expression.
 */
export class ExpressionAnalyzer extends Module<FaceExpressionData> {
  readonly name = 'face.expression';
  override readonly depends = ['face.detect'] as const;
  override readonly capabilities = { flags: ['DETERMINISTIC', 'THREAD_SAFE'] } as const;
  override readonly portSchema: PortSchema = {
    inputs: { face_count: 'number' },
    outputs: { smile: 'number', mouth_opening: 'number', eye_opening: 'number' },
  };

  process(
    _frame: Frame,
    deps: DepsOf<['face.detect']>,
  ): ObservationInit<FaceExpressionData> | undefined {
    const faces = deps['face.detect'].data?.faces ?? [];
    const expressions: FaceExpression[] = [];
    for (const { trackId, mesh } of faces) {
      if (mesh === undefined) continue;
      const measures = measureFace(mesh.points);
      expressions.push({ trackId, smile: smileScore(measures), ...measures });
    }
    // The main face is the first; its signals must not be another's.
    const main = expressions.find(({ trackId }) => trackId === faces[0]?.trackId);
    if (main === undefined) return undefined;
    return {
      signals: {
        smile: main.smile,
        mouth_opening: main.mouthOpening,
        eye_opening: main.eyeOpening,
      },
      data: { expressions },
    };
  }
}
