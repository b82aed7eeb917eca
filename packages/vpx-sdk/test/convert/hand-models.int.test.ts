import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FileSource, type Frame } from 'visualbase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import { warpTensor } from '../../src/image/warp.ts';
import {
  HAND_LANDMARK_FULL,
  HAND_LANDMARK_LITE,
  PALM_DETECTION,
  PALM_KEYPOINTS,
} from '../../src/model/catalogue.ts';
import { openReference, type ReferenceModel } from '../support/litert.ts';
import { expectAgreement, usualInputs, type LabelledInput } from '../support/model-agreement.ts';

const VIDEO = fileURLToPath(new URL('../../../../../shared/media/asl-again.mkv', import.meta.url));

const LANDMARK_MODELS = [
  { name: 'hand landmarks, full', model: HAND_LANDMARK_FULL },
  { name: 'hand landmarks, lite', model: HAND_LANDMARK_LITE },
];
const MODELS = [{ name: 'palm detection', model: PALM_DETECTION }, ...LANDMARK_MODELS];

describe('converted hand models', () => {
  let engine: InferenceEngine;
  let compile: (model: Uint8Array) => Promise<ReferenceModel>;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    compile = await openReference();
  });
  afterAll(() => engine.close());

  it.each(MODELS)('$name: what LiteRT gives', async (entry) => {
    await expectAgreement(entry, await usualInputs(entry.model), engine, compile);
  });

  it('have the inputs and outputs that the catalogue says', async () => {
    for (const { model } of MODELS) {
      const { input, outputs } = model;
      const session = await engine.load(model.ref);
      expect(session.inputs).toEqual([
        { name: input.name, dims: ['N', input.sizePx, input.sizePx, 3] },
      ]);
      expect(session.outputs.map((output) => output.name)).toEqual(Object.values(outputs));
    }
    expect(PALM_KEYPOINTS).toHaveLength(PALM_DETECTION.ssd.keypointCount);
  });

  describe.skipIf(!existsSync(VIDEO))('on real hands (../shared/media)', () => {
    const frames: Frame[] = [];
    beforeAll(async () => {
      for await (const frame of await FileSource.open(VIDEO, { fps: 5 }))
        frames.push(frame.clone());
    });

    it('palm detection: what LiteRT gives', async () => {
      const { sizePx: size, range } = PALM_DETECTION.input;
      const inputs = frames.map((frame, i): LabelledInput => [
        `picture ${i}`,
        letterboxTensor(frame, { size, range }).data,
      ]);
      await expectAgreement({ name: 'palm', model: PALM_DETECTION }, inputs, engine, compile);
    });

    it.each(LANDMARK_MODELS)('$name: what LiteRT gives', async (entry) => {
      const { sizePx: size, range } = entry.model.input;
      // Around both hands in front of the chest.
      const roi = { cx: 330, cy: 265, width: 130, height: 130, rotationRad: 0.5 };
      const inputs = frames.map((frame, i): LabelledInput => [
        `picture ${i}`,
        warpTensor(frame, roi, { size, range }),
      ]);
      await expectAgreement(entry, inputs, engine, compile);
    });
  });
});
