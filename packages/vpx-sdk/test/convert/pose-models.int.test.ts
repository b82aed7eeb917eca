import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FileSource, type RgbImage } from 'visualbase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import { warpTensor } from '../../src/image/warp.ts';
import {
  POSE_DETECTION,
  POSE_LANDMARK_FULL,
  POSE_LANDMARK_HEAVY,
  POSE_LANDMARK_LITE,
  type CatalogueModel,
} from '../../src/model/catalogue.ts';
import { difference, type Difference } from '../support/difference.ts';
import { openReference, type ReferenceModel } from '../support/litert.ts';
import { modelBytes } from '../support/model-bytes.ts';
import { photograph } from '../support/pictures.ts';
import { randomFloats } from '../support/random.ts';

const SIGNER = fileURLToPath(new URL('../../../../../shared/media/asl-learn.mkv', import.meta.url));

const MODELS = [
  { name: 'pose detection', model: POSE_DETECTION },
  { name: 'pose landmarks, lite', model: POSE_LANDMARK_LITE },
  { name: 'pose landmarks, full', model: POSE_LANDMARK_FULL },
  { name: 'pose landmarks, heavy', model: POSE_LANDMARK_HEAVY },
] as const;

// Largest and mean absolute difference allowed, as parts of the largest value of the output. Both
// runtimes sum floats in their own order, and the heavy model does so over some two hundred layers.
const MAX_TOLERANCE = 1e-4;
const MEAN_TOLERANCE = 2e-5;

type Input = readonly [name: string, data: Float32Array<ArrayBuffer>];

/** A picture as the detector sees it, and as a crop that is turned and reaches beyond its border. */
function views(name: string, image: RgbImage, { input }: CatalogueModel): Input[] {
  const { sizePx: size, range } = input;
  const { width, height } = image;
  const side = Math.max(width, height) * 1.3;
  const roi = { cx: width / 2, cy: height, width: side, height: side, rotationRad: 0.2 };
  return [
    [name, letterboxTensor(image, { size, range }).data],
    [`${name}, turned`, warpTensor(image, roi, { size, range })],
  ];
}

async function inputsFor(model: CatalogueModel): Promise<readonly Input[]> {
  const { sizePx, range } = model.input;
  const inputs: Input[] = [['random', randomFloats(1, sizePx * sizePx * 3, ...range)]];
  for (const name of ['joconde.jpg', 'franck_01829.jpg']) {
    inputs.push(...views(name, await photograph(name), model));
  }
  if (existsSync(SIGNER)) {
    for await (const frame of await FileSource.open(SIGNER, { fps: 1 })) {
      inputs.push(...views(`signer at ${frame.tSrcNs / 1e9} s`, frame, model));
    }
  }
  return inputs;
}

describe('converted pose models', () => {
  let engine: InferenceEngine;
  let compile: (model: Uint8Array) => Promise<ReferenceModel>;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    compile = await openReference();
  });
  afterAll(() => engine.close());

  it.each(MODELS)(
    '$name gives what LiteRT gives',
    async ({ name, model }) => {
      const bytes = await modelBytes(model.ref);
      const reference = await compile(bytes);
      const session = await engine.load(bytes);
      const { sizePx } = model.input;
      const used: readonly string[] = Object.values(model.outputs);
      const dims = [1, sizePx, sizePx, 3];
      const table: Difference[] = [];
      for (const [label, data] of await inputsFor(model)) {
        const theirs = await reference.run({ data: data.slice(), dims });
        const ours = await session.run({ [model.input.name]: { data, dims } });
        for (const [i, output] of session.outputs.entries()) {
          // The mask, whose values reach thousands, is left out: nobody computes it.
          if (!used.includes(output.name)) continue;
          table.push(difference(label, output.name, ours[output.name]!.data, theirs[i]!));
        }
      }
      console.table(table, ['input', 'output', 'largestValue', 'max', 'mean']);
      for (const row of table) {
        const label = `${name}, ${row.input}, ${row.output}`;
        // A presence is a probability: what counts is its distance from 0 and 1.
        const unit = Math.max(row.largestValue, 1);
        expect(row.max, label).toBeLessThanOrEqual(MAX_TOLERANCE * unit);
        expect(row.mean, label).toBeLessThanOrEqual(MEAN_TOLERANCE * unit);
      }
      await session.release();
    },
    120_000,
  );

  it('has the inputs and outputs that the catalogue says', async () => {
    for (const { model } of MODELS) {
      const { ref, input } = model;
      const keepOutputs = Object.values(model.outputs);
      const session = await engine.load(ref, { keepOutputs });
      expect(session.inputs).toEqual([
        { name: input.name, dims: ['N', input.sizePx, input.sizePx, 3] },
      ]);
      expect(session.outputs.map((output) => output.name)).toEqual(keepOutputs);
      await session.release();
    }
  }, 120_000);
});
