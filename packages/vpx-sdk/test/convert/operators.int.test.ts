import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { elementCount } from '../../src/convert/tflite-model.ts';
import { int32, int8, table } from '../support/flat-writer.ts';
import { openReference, type ReferenceModel } from '../support/litert.ts';
import { randomFloats } from '../support/random.ts';
import { tinyModel, type TinyModel } from '../support/tiny-model.ts';

const SAME = 0;
const VALID = 1;

const floats = (shape: readonly number[], seed = 7) => ({
  shape,
  data: randomFloats(seed, elementCount(shape), -1, 1),
});
const ints = (...values: number[]) => ({ shape: [values.length], data: Int32Array.from(values) });

/** Operators that the face models leave out or use in one way only, each as a model of its own. */
const CASES: Readonly<Record<string, TinyModel>> = {
  'ADD of a vector, with relu': {
    code: 0,
    options: [11, table(int8(1))],
    inputs: [{ shape: [1, 3, 4, 5] }, floats([5])],
    outputShape: [1, 3, 4, 5],
  },
  'ADD of rank 2, with relu6': {
    code: 0,
    options: [11, table(int8(3))],
    inputs: [{ shape: [1, 6] }, { shape: [6], data: randomFloats(1, 6, -2, 9) }],
    outputShape: [1, 6],
  },
  'SUB of a picture': {
    code: 41,
    options: [28, table(int8(0))],
    inputs: [{ shape: [1, 3, 4, 5] }, floats([1, 3, 4, 5])],
    outputShape: [1, 3, 4, 5],
  },
  'MUL by a column': {
    code: 18,
    options: [21, table(int8(0))],
    inputs: [{ shape: [1, 3, 4, 5] }, floats([1, 3, 1, 1])],
    outputShape: [1, 3, 4, 5],
  },
  'MUL that widens the computed side': {
    code: 18,
    options: [21, table(int8(0))],
    inputs: [{ shape: [1, 1, 1, 5] }, floats([1, 3, 4, 5])],
    outputShape: [1, 3, 4, 5],
  },
  RELU: { code: 19, inputs: [{ shape: [1, 3, 4, 2] }], outputShape: [1, 3, 4, 2] },
  LOGISTIC: { code: 14, inputs: [{ shape: [1, 9] }], outputShape: [1, 9] },
  TANH: { code: 28, inputs: [{ shape: [1, 3, 4, 2] }], outputShape: [1, 3, 4, 2] },
  'PRELU with a slope per channel': {
    code: 54,
    inputs: [{ shape: [1, 3, 4, 5] }, floats([1, 1, 5])],
    outputShape: [1, 3, 4, 5],
  },
  'PRELU with a slope per pixel': {
    code: 54,
    inputs: [{ shape: [1, 3, 4, 5] }, floats([3, 4, 5])],
    outputShape: [1, 3, 4, 5],
  },
  'MEAN over height and width, kept': {
    code: 40,
    options: [27, table(int8(1))],
    inputs: [{ shape: [1, 3, 4, 5] }, ints(1, 2)],
    outputShape: [1, 1, 1, 5],
  },
  'MEAN over width and height, dropped': {
    code: 40,
    options: [27, table(int8(0))],
    inputs: [{ shape: [1, 3, 4, 5] }, ints(-2, 1)],
    outputShape: [1, 5],
  },
  'FULLY_CONNECTED with relu': {
    code: 9,
    options: [8, table(int8(1), int8(0), int8(0))],
    inputs: [{ shape: [1, 6] }, floats([4, 6], 1), floats([4], 2)],
    outputShape: [1, 4],
  },
  'FULLY_CONNECTED of a picture': {
    code: 9,
    options: [8, table(int8(0), int8(0), int8(0))],
    inputs: [{ shape: [1, 2, 3, 4] }, floats([5, 24], 1), floats([5], 2)],
    outputShape: [1, 5],
  },
  'RESHAPE of a picture to rows': {
    code: 22,
    options: [17, table()],
    inputs: [{ shape: [1, 2, 3, 4] }, ints(1, 6, 4)],
    outputShape: [1, 6, 4],
  },
  'PAD on all sides': {
    code: 34,
    options: [22, table()],
    inputs: [
      { shape: [1, 2, 3, 4] },
      { shape: [4, 2], data: Int32Array.of(0, 0, 1, 2, 3, 0, 0, 5) },
    ],
    outputShape: [1, 5, 6, 9],
  },
  'PAD of channels on both sides': {
    code: 34,
    options: [22, table()],
    inputs: [
      { shape: [1, 2, 3, 4] },
      { shape: [4, 2], data: Int32Array.of(0, 0, 0, 0, 0, 0, 1, 2) },
    ],
    outputShape: [1, 2, 3, 7],
  },
  'STRIDED_SLICE with steps': {
    code: 45,
    options: [32, table(int32(0), int32(0), int32(0), int32(0), int32(0))],
    inputs: [{ shape: [1, 6, 7, 4] }, ints(0, 1, 0, 1), ints(1, 6, 7, 3), ints(1, 2, 3, 1)],
    outputShape: [1, 3, 3, 2],
  },
  'STRIDED_SLICE with masks and from the end': {
    code: 45,
    options: [32, table(int32(0b0101), int32(0b0101), int32(0), int32(0), int32(0))],
    inputs: [{ shape: [1, 6, 7, 4] }, ints(9, -3, 9, -2), ints(9, -1, 9, 9), ints(1, 1, 1, 1)],
    outputShape: [1, 2, 7, 2],
  },
  DEPTH_TO_SPACE: {
    code: 5,
    options: [94, table(int32(2))],
    inputs: [{ shape: [1, 2, 3, 12] }],
    outputShape: [1, 4, 6, 3],
  },
  ...Object.fromEntries(
    [
      ['asymmetric', 0, 0],
      ['with aligned corners', 1, 0],
      ['with half-pixel centres', 0, 1],
    ].map(([how, alignCorners, halfPixel]) => [
      `RESIZE_BILINEAR ${how}`,
      {
        code: 23,
        version: 3,
        options: [
          15,
          table(undefined, undefined, int8(Number(alignCorners)), int8(Number(halfPixel))),
        ],
        inputs: [{ shape: [1, 5, 3, 2] }, ints(11, 7)],
        outputShape: [1, 11, 7, 2],
      } satisfies TinyModel,
    ]),
  ),
};

describe('operators', () => {
  let engine: InferenceEngine;
  let compile: (model: Uint8Array) => Promise<ReferenceModel>;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
    compile = await openReference();
  });
  afterAll(() => engine.close());

  async function expectAgreement(model: TinyModel, seed = 3): Promise<void> {
    const bytes = tinyModel(model);
    const dims = model.inputs[0]!.shape;
    const data = randomFloats(seed, elementCount(dims), -3, 3);
    const [theirs] = await (await compile(bytes)).run({ data: data.slice(), dims });
    await using session = await engine.load(bytes);
    const { y } = await session.run({ x: { data, dims } });
    expect(y!.dims).toEqual(model.outputShape);
    y!.data.forEach((value, i) => {
      expect(Math.abs(value - theirs![i]!)).toBeLessThan(1e-5);
    });
  }

  it.each(Object.entries(CASES))('%s gives what LiteRT gives', (_, model) =>
    expectAgreement(model),
  );

  const window = fc.record({
    height: fc.integer({ min: 5, max: 11 }),
    width: fc.integer({ min: 5, max: 11 }),
    channels: fc.integer({ min: 1, max: 5 }),
    kernelHeight: fc.integer({ min: 1, max: 5 }),
    kernelWidth: fc.integer({ min: 1, max: 5 }),
    strideY: fc.integer({ min: 1, max: 3 }),
    strideX: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom(SAME, VALID),
    seed: fc.integer(),
  });
  const outSize = (size: number, kernel: number, stride: number, padding: number): number =>
    padding === SAME ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1;

  it('CONV_2D gives what LiteRT gives, whatever the window', () =>
    fc.assert(
      fc.asyncProperty(window, fc.integer({ min: 1, max: 6 }), (w, outChannels) =>
        expectAgreement(
          {
            code: 3,
            options: [
              1,
              table(
                int8(w.padding),
                int32(w.strideX),
                int32(w.strideY),
                int8(0),
                int32(1),
                int32(1),
              ),
            ],
            inputs: [
              { shape: [1, w.height, w.width, w.channels] },
              floats([outChannels, w.kernelHeight, w.kernelWidth, w.channels], w.seed),
              floats([outChannels], w.seed),
            ],
            outputShape: [
              1,
              outSize(w.height, w.kernelHeight, w.strideY, w.padding),
              outSize(w.width, w.kernelWidth, w.strideX, w.padding),
              outChannels,
            ],
          },
          w.seed,
        ),
      ),
      { numRuns: 30 },
    ));

  it('DEPTHWISE_CONV_2D gives what LiteRT gives, also with several filters per channel', () =>
    fc.assert(
      fc.asyncProperty(window, fc.integer({ min: 1, max: 3 }), (w, multiplier) => {
        const outChannels = w.channels * multiplier;
        return expectAgreement(
          {
            code: 4,
            options: [
              2,
              table(
                int8(w.padding),
                int32(w.strideX),
                int32(w.strideY),
                int32(multiplier),
                int8(1),
                int32(1),
                int32(1),
              ),
            ],
            inputs: [
              { shape: [1, w.height, w.width, w.channels] },
              floats([1, w.kernelHeight, w.kernelWidth, outChannels], w.seed),
              floats([outChannels], w.seed),
            ],
            outputShape: [
              1,
              outSize(w.height, w.kernelHeight, w.strideY, w.padding),
              outSize(w.width, w.kernelWidth, w.strideX, w.padding),
              outChannels,
            ],
          },
          w.seed,
        );
      }),
      { numRuns: 30 },
    ));

  it('dilated CONV_2D gives what LiteRT gives', async () => {
    for (const padding of [SAME, VALID]) {
      const reach = padding === SAME ? 0 : 4;
      await expectAgreement({
        code: 3,
        version: 2,
        options: [1, table(int8(padding), int32(1), int32(1), int8(0), int32(2), int32(2))],
        inputs: [{ shape: [1, 9, 8, 2] }, floats([3, 3, 3, 2]), floats([3])],
        outputShape: [1, 9 - reach, 8 - reach, 3],
      });
    }
  });

  it.each([
    ['MAX_POOL_2D', 17],
    ['AVERAGE_POOL_2D', 1],
  ])('%s gives what LiteRT gives, whatever the window', (_, code) =>
    fc.assert(
      fc.asyncProperty(window, (w) =>
        expectAgreement(
          {
            code,
            options: [
              5,
              table(
                int8(w.padding),
                int32(w.strideX),
                int32(w.strideY),
                int32(w.kernelWidth),
                int32(w.kernelHeight),
                int8(0),
              ),
            ],
            inputs: [{ shape: [1, w.height, w.width, w.channels] }],
            outputShape: [
              1,
              outSize(w.height, w.kernelHeight, w.strideY, w.padding),
              outSize(w.width, w.kernelWidth, w.strideX, w.padding),
              w.channels,
            ],
          },
          w.seed,
        ),
      ),
      { numRuns: 20 },
    ),
  );
});
