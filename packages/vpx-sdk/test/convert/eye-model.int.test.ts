import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import type { InferenceSession } from '../../src/engine/inference-session.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import { FACE_LANDMARK_ATTENTION } from '../../src/model/catalogue.ts';
import { photograph } from '../support/pictures.ts';

// LiteRT.js has no kernels for the operators that MediaPipe adds, so the reference is MediaPipe
// itself, recorded.
interface Golden {
  readonly pictures: readonly {
    readonly photograph: string;
    readonly rightLids: readonly number[];
    readonly leftLids: readonly number[];
    readonly rightIris: readonly number[];
    readonly leftIris: readonly number[];
    readonly chin: readonly number[];
  }[];
}
const GOLDEN = JSON.parse(
  readFileSync(new URL('../golden/eyes.json', import.meta.url), 'utf8'),
) as Golden;

const { input, outputs, ref } = FACE_LANDMARK_ATTENTION;
const SIZE = input.sizePx;
const CHIN = 152;
/** px of the input: numbers are recorded to a hundredth, and pictures may decode a shade apart. */
const TOLERANCE_PX = 0.05;

describe('the face model with attention to the eyes', () => {
  let engine: InferenceEngine;
  let session: InferenceSession;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    session = await engine.load(ref);
  });
  afterAll(() => engine.close());

  const pictureOf = async (name: string): Promise<Float32Array<ArrayBuffer>> => {
    const { data } = letterboxTensor(await photograph(name), { size: SIZE, range: [0, 255] });
    return data.map((value) => Math.round(value) / 255);
  };
  const run = (data: Float32Array<ArrayBuffer>, count = 1) =>
    session.run({ [input.name]: { data, dims: [count, SIZE, SIZE, 3] } });

  it.each(GOLDEN.pictures)('sees in $photograph what MediaPipe sees', async (golden) => {
    const seen = await run(await pictureOf(golden.photograph));
    const expectClose = (output: string, wanted: readonly number[], from = 0): void => {
      const { data } = seen[output]!;
      const worst = Math.max(...wanted.map((value, i) => Math.abs(value - data[from + i]!)));
      expect(worst, output).toBeLessThanOrEqual(TOLERANCE_PX);
    };
    expectClose(outputs.rightEye, golden.rightLids);
    expectClose(outputs.leftEye, golden.leftLids);
    expectClose(outputs.rightIris, golden.rightIris);
    expectClose(outputs.leftIris, golden.leftIris);
    expectClose(outputs.landmarks, golden.chin, CHIN * 3);
    // The person's right eye is on the left of the picture.
    expect(golden.rightIris[0]).toBeLessThan(golden.leftIris[0]!);
  });

  it('has the inputs and outputs that the catalogue says', () => {
    expect(session.inputs).toEqual([{ name: input.name, dims: ['N', SIZE, SIZE, 3] }]);
    const names = session.outputs.map(({ name }) => name);
    for (const output of Object.values(outputs)) expect(names).toContain(output);
  });

  it('gives each picture of a batch what it gives the picture alone', async () => {
    const pictures = await Promise.all(
      GOLDEN.pictures.map(({ photograph: name }) => pictureOf(name)),
    );
    const length = SIZE * SIZE * 3;
    const batch = new Float32Array(pictures.length * length);
    pictures.forEach((picture, i) => batch.set(picture, i * length));
    const together = await run(batch, pictures.length);
    for (const [i, picture] of pictures.entries()) {
      const alone = await run(picture);
      for (const name of Object.values(outputs)) {
        const { data } = alone[name]!;
        const part = together[name]!.data.subarray(i * data.length, (i + 1) * data.length);
        data.forEach((value, k) => expect(part[k]).toBeCloseTo(value, 3));
      }
    }
  });
});
