import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertTfjs } from '../../src/convert/tfjs/convert-tfjs.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import { FACE_EMOTION, MOVENET_LIGHTNING } from '../../src/model/catalogue.ts';
import { packageFile } from '../../src/model/npm-package.ts';
import { difference } from '../support/difference.ts';
import { photograph } from '../support/pictures.ts';
import { randomFloats } from '../support/random.ts';
import { openTfjs } from '../support/tfjs.ts';

const PACKAGE = '@vladmandic/human';
const json = readFileSync(packageFile(PACKAGE, 'models/movenet-lightning.json'));
const weights = readFileSync(packageFile(PACKAGE, 'models/movenet-lightning.bin'));

const { input, outputs, ref } = MOVENET_LIGHTNING;
const SIZE = input.sizePx;
const DIMS = [1, SIZE, SIZE, 3];

// In parts of the picture and as a score: a tenth of a pixel of the input is 5e-4.
const MAX_TOLERANCE = 1e-4;
const MEAN_TOLERANCE = 1e-5;

describe('convertTfjs', () => {
  let engine: InferenceEngine;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
  });
  afterAll(() => engine.close());

  it('makes of MoveNet what TensorFlow.js makes of it', async () => {
    const reference = await openTfjs(json, weights);
    const session = await engine.load(ref);
    expect(session.inputs).toEqual([{ name: input.name, dims: DIMS }]);
    expect(session.outputs).toEqual([{ name: outputs.keypoints, dims: [1, 1, 17, 3] }]);
    const pictures: [string, Float32Array<ArrayBuffer>][] = [
      ['random', randomFloats(1, SIZE * SIZE * 3, 0, 255)],
    ];
    for (const name of ['joconde.jpg', 'franck_01829.jpg', 'audrey.jpg']) {
      const picture = await photograph(name);
      pictures.push([name, letterboxTensor(picture, { size: SIZE, range: input.range }).data]);
    }
    const table = [];
    for (const [label, values] of pictures) {
      const data = values.map(Math.round);
      const theirs = await reference({ data, dims: DIMS });
      const ours = await session.run({ [input.name]: { data, dims: DIMS } });
      table.push(difference(label, outputs.keypoints, ours[outputs.keypoints]!.data, theirs));
    }
    console.table(table, ['input', 'output', 'largestValue', 'max', 'mean']);
    for (const { input: label, max, mean } of table) {
      expect(max, label).toBeLessThanOrEqual(MAX_TOLERANCE);
      expect(mean, label).toBeLessThanOrEqual(MEAN_TOLERANCE);
    }
  }, 120_000);

  it('makes of the emotion model what TensorFlow.js makes of it, for any number of faces', async () => {
    const model = readFileSync(packageFile(PACKAGE, 'models/emotion.json'));
    const modelWeights = readFileSync(packageFile(PACKAGE, 'models/emotion.bin'));
    const reference = await openTfjs(model, modelWeights, 'float32');
    const { input: grey, outputs: out, ref: emotionRef } = FACE_EMOTION;
    const size = grey.sizePx;
    const session = await engine.load(emotionRef);
    expect(session.inputs).toEqual([{ name: grey.name, dims: ['N', size, size, 1] }]);
    expect(session.outputs).toEqual([{ name: out.emotions, dims: ['N', 7] }]);
    const pictures = [randomFloats(1, size * size, ...grey.range)];
    for (const name of ['joconde.jpg', 'franck_01829.jpg', 'audrey.jpg']) {
      const picture = letterboxTensor(await photograph(name), { size, range: grey.range }).data;
      pictures.push(picture.filter((_, i) => i % 3 === 1));
    }
    const data = Float32Array.from(pictures.flatMap((picture) => [...picture]));
    const dims = [pictures.length, size, size, 1];
    const theirs = await reference({ data, dims });
    const ours = (await session.run({ [grey.name]: { data, dims } }))[out.emotions]!.data;
    const row = difference('four pictures', out.emotions, ours, theirs);
    console.table([row], ['input', 'output', 'largestValue', 'max', 'mean']);
    expect(row.max).toBeLessThanOrEqual(MAX_TOLERANCE);
    expect(row.mean).toBeLessThanOrEqual(MEAN_TOLERANCE);
  }, 120_000);

  const text = new TextDecoder().decode(json);
  const changed = (from: string | RegExp, to: string): Uint8Array =>
    new TextEncoder().encode(text.replace(from, to));

  it.each([
    ['no JSON', new TextEncoder().encode('{'), weights, 'VPX_MODEL_INVALID', /no JSON/],
    ['another JSON', new TextEncoder().encode('{}'), weights, 'VPX_MODEL_INVALID', /graph model/],
    ['short weights', json, weights.subarray(0, 1000), 'VPX_MODEL_INVALID', /weights end/],
    [
      'an operator without a counterpart',
      changed('"op":"GatherNd"', '"op":"Erf"'),
      weights,
      'VPX_MODEL_UNSUPPORTED',
      /Erf/,
    ],
    [
      'an open batch that the graph computes with',
      changed(/("op":"Placeholder".*?"size":)"1"/, '$1"-1"'),
      weights,
      'VPX_MODEL_UNSUPPORTED',
      /batch/,
    ],
    [
      'weights of another type',
      changed('"dtype":"int32"', '"dtype":"string"'),
      weights,
      'VPX_MODEL_UNSUPPORTED',
      /string/,
    ],
  ])('refuses %s', (_what, model, bytes, code, message) => {
    expect(() => convertTfjs(model, bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error,
    );
  });

  it('refuses an output that the model does not have', () => {
    expect(() => convertTfjs(json, weights, { keepOutputs: ['nose'] })).toThrow(/nose/);
  });
});
