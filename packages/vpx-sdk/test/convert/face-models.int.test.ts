import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import type { TensorData } from '../../src/engine/tensor-data.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_LANDMARK_MESH,
  type CatalogueModel,
} from '../../src/model/catalogue.ts';
import { difference, type Difference } from '../support/difference.ts';
import { openReference, type ReferenceModel } from '../support/litert.ts';
import { modelBytes } from '../support/model-bytes.ts';
import { photograph } from '../support/pictures.ts';
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

// Largest and mean absolute difference allowed, as parts of the largest value of the output. Both
// runtimes sum floats in their own order, and over some fifty layers the last bits drift apart.
const MAX_TOLERANCE = 2e-5;
const MEAN_TOLERANCE = 5e-6;

describe('converted face models', () => {
  let engine: InferenceEngine;
  let compile: (model: Uint8Array) => Promise<ReferenceModel>;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    compile = await openReference();
  });
  afterAll(() => engine.close());

  const inputsFor = async ({ input }: CatalogueModel) => {
    const { sizePx, range } = input;
    const [low, high] = range;
    const length = sizePx * sizePx * 3;
    const pictures = await Promise.all(
      ['audrey.jpg', 'SeanConnery.jpg', 'cage.jpg'].map(
        async (name) =>
          [name, letterboxTensor(await photograph(name), { size: sizePx, range }).data] as const,
      ),
    );
    return [
      ...pictures,
      ...[1, 2, 3].map(
        (seed) => [`random ${seed}`, randomFloats(seed, length, low, high)] as const,
      ),
      ['black', new Float32Array(length).fill(low)] as const,
    ];
  };

  it.each(MODELS)('$name gives what LiteRT gives', async ({ name, model }) => {
    const bytes = await modelBytes(model.ref);
    const reference = await compile(bytes);
    const session = await engine.load(bytes);
    const { sizePx } = model.input;
    const dims = [1, sizePx, sizePx, 3];
    const table: Difference[] = [];
    for (const [label, data] of await inputsFor(model)) {
      const theirs = await reference.run({ data: data.slice(), dims });
      const ours = await session.run({ [session.inputs[0]!.name]: { data, dims } });
      session.outputs.forEach((output, i) => {
        table.push(difference(label, output.name, ours[output.name]!.data, theirs[i]!));
      });
    }
    console.table(table, ['input', 'output', 'largestValue', 'max', 'mean']);
    for (const row of table) {
      const label = `${name}, ${row.input}, ${row.output}`;
      expect(row.max, label).toBeLessThanOrEqual(MAX_TOLERANCE * row.largestValue);
      expect(row.mean, label).toBeLessThanOrEqual(MEAN_TOLERANCE * row.largestValue);
      expect(row.largestValue).toBeGreaterThan(0.1);
    }
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
