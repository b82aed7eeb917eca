import { describe, expect, it } from 'vitest';
import { fullBlocks } from '../../src/convert/channel-blocks.ts';
import { convertTflite } from '../../src/convert/convert-tflite.ts';
import { FlatTable } from '../../src/convert/flatbuffer.ts';
import type { TfliteModel, TfliteOperator } from '../../src/convert/tflite-model.ts';
import { table } from '../support/flat-writer.ts';
import { tinyModel } from '../support/tiny-model.ts';

const CONSTANT = new Uint8Array(4);

interface Operator {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** A model whose tensor `i` has the shape `shapes[i]`; tensor 0 is its input, the last one its output. */
function fullIn(shapes: readonly (readonly number[])[], list: readonly Operator[]) {
  const made = new Set([0, ...list.map(({ output }) => output)]);
  const operators = list.map(({ name, inputs, output }): TfliteOperator => ({
    ...{ name, inputs, outputs: [output] },
    options: FlatTable.empty(),
    customOptions: new Uint8Array(0),
  }));
  const model: TfliteModel = {
    tensors: shapes.map((shape, i) => ({
      ...{ name: `t${i}`, shape, type: 'float32', sparsity: undefined },
      data: made.has(i) ? undefined : CONSTANT,
    })),
    operators,
    inputs: [0],
    outputs: [shapes.length - 1],
  };
  return fullBlocks(model, operators, model.outputs);
}

const picture = (channels: number): readonly number[] => [1, 8, 8, channels];
const weights = (out: number, channels: number): readonly number[] => [out, 1, 1, channels];

describe('fullBlocks', () => {
  // 0 -conv-> 2 -pool-> 3 -conv-> 5
  const shapes = [picture(3), weights(24, 3), picture(24), picture(24), weights(7, 24), picture(7)];
  const conv = (from: number, by: number, to: number): Operator => ({
    ...{ name: 'CONV_2D', inputs: [from, by], output: to },
  });
  const pool: Operator = { name: 'MAX_POOL_2D', inputs: [2], output: 3 };

  it('fills the last block of inner pictures, and of none that goes in or out', () => {
    const full = fullIn(shapes, [conv(0, 1, 2), pool, conv(3, 4, 5)]);
    expect(Object.fromEntries(full)).toEqual({ 2: 32, 3: 32 });
  });

  it('leaves pictures alone whose blocks are full', () => {
    const even = [picture(3), weights(32, 3), picture(32), picture(32), weights(7, 32), picture(7)];
    expect(fullIn(even, [conv(0, 1, 2), pool, conv(3, 4, 5)]).size).toBe(0);
  });

  it('leaves pictures of few channels alone, whose memory would grow many times', () => {
    const few = [picture(3), weights(2, 3), picture(2), picture(2), weights(7, 2), picture(7)];
    expect(fullIn(few, [conv(0, 1, 2), pool, conv(3, 4, 5)]).size).toBe(0);
  });

  it('converts a file that pads very many channels without weights for each pair of them', () => {
    const channels = 2 ** 20;
    const { onnx } = convertTflite(
      tinyModel({
        code: 34,
        options: [22, table()],
        inputs: [
          { shape: [1, 1, 1, channels] },
          { shape: [4, 2], data: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 9) },
        ],
        outputShape: [1, 1, 1, channels + 9],
      }),
    );
    expect(onnx.length).toBeLessThan(10_000);
  });

  it('leaves what an operator reads that takes channels for what they are, and all that is tied to it', () => {
    const mean: Operator = { name: 'MEAN', inputs: [3], output: 5 };
    expect(fullIn(shapes, [conv(0, 1, 2), pool, mean]).size).toBe(0);
  });

  it('lays both pictures of a sum out alike, or neither', () => {
    // 0 -conv-> 2 -relu-> 3; 2 + 3 = 4; 4 -conv-> 6
    const sum = [picture(3), weights(24, 3), ...Array<readonly number[]>(3).fill(picture(24))];
    const list = (first: string): Operator[] => [
      conv(0, 1, 2),
      { name: first, inputs: [2], output: 3 },
      { name: 'ADD', inputs: [2, 3], output: 4 },
      conv(4, 5, 6),
    ];
    const all = [...sum, weights(7, 24), picture(7)];
    expect(Object.fromEntries(fullIn(all, list('RELU')))).toEqual({ 2: 32, 3: 32, 4: 32 });
    expect(fullIn(all, list('TANH')).size).toBe(0);
  });
});
