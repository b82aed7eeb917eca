import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import type { TensorData } from '../../src/engine/tensor-data.ts';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_LANDMARK_MESH,
  type CatalogueModel,
} from '../../src/model/catalogue.ts';
import { openReference, type ReferenceModel } from '../support/litert.ts';
import { difference } from '../support/difference.ts';
import { expectAgreement, usualInputs } from '../support/model-agreement.ts';
import { randomFloats } from '../support/random.ts';

const DENSE: CatalogueModel = {
  ref: {
    kind: 'npm',
    package: '@mediapipe/face_detection',
    file: 'face_detection_full_range.tflite',
  },
  input: { name: 'input', sizePx: 192, range: [-1, 1] },
  modelCard: FACE_DETECTION_FULL_RANGE.modelCard,
};

const MODELS = [
  { name: 'face detection, short range', model: FACE_DETECTION_SHORT_RANGE },
  { name: 'face detection, full range (sparse)', model: FACE_DETECTION_FULL_RANGE },
  { name: 'face detection, full range (dense)', model: DENSE },
  { name: 'face landmark mesh', model: FACE_LANDMARK_MESH },
];

describe('converted face models', () => {
  let engine: InferenceEngine;
  let compile: (model: Uint8Array) => Promise<ReferenceModel>;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    compile = await openReference();
  });
  afterAll(() => engine.close());

  it.each(MODELS)('$name gives what LiteRT gives', async (entry) => {
    await expectAgreement(entry, await usualInputs(entry.model), engine, compile);
  });

  it('has the inputs and outputs that the catalogue says', async () => {
    for (const { ref, input, outputs } of [
      FACE_DETECTION_SHORT_RANGE,
      FACE_DETECTION_FULL_RANGE,
      FACE_LANDMARK_MESH,
    ]) {
      const session = await engine.load(ref);
      expect(session.inputs).toEqual([
        { name: input.name, dims: ['N', input.sizePx, input.sizePx, 3] },
      ]);
      expect(session.outputs.map((output) => output.name)).toEqual(Object.values(outputs));
    }
  });

  it('gives each picture of a batch what it gives the picture alone', async () => {
    const session = await engine.load(FACE_DETECTION_FULL_RANGE.ref);
    const length = 192 * 192 * 3;
    const pictures = [1, 2].map((seed) => randomFloats(seed, length, -1, 1));
    const batch = new Float32Array(2 * length);
    pictures.forEach((picture, i) => batch.set(picture, i * length));
    const run = (
      data: Float32Array<ArrayBuffer>,
      count: number,
    ): Promise<Readonly<Record<string, TensorData>>> =>
      session.run({ input_1: { data, dims: [count, 192, 192, 3] } });
    const together = await run(batch, 2);
    for (const [i, picture] of pictures.entries()) {
      const alone = await run(picture, 1);
      for (const name of ['Identity', 'Identity_1']) {
        const { data } = alone[name]!;
        const part = together[name]!.data.subarray(i * data.length, (i + 1) * data.length);
        expect(difference('batch', name, part, data).max).toBeLessThan(1e-4);
      }
    }
  });
});
