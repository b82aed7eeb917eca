import {
  bytes,
  int32,
  int32s,
  int8,
  table,
  tables,
  text,
  writeFlat,
  type FlatNode,
} from './flat-writer.ts';

/** A tensor of a model under test; with `data` a constant. */
interface TinyTensor {
  readonly shape: readonly number[];
  readonly data?: Float32Array | Int32Array;
}

/** A model of one operator: input `x`, output `y`. */
export interface TinyModel {
  /** Number of the builtin operator. */
  readonly code: number;
  readonly version?: number;
  /** Number of the options' type in the union, and the options. */
  readonly options?: readonly [unionType: number, options: FlatNode];
  /** The first is the input `x`. */
  readonly inputs: readonly TinyTensor[];
  readonly outputShape: readonly number[];
}

const FLOAT32 = 0;
const INT32 = 2;

/** Writes a .tflite file. */
export function tinyModel({
  code,
  version = 1,
  options,
  inputs,
  outputShape,
}: TinyModel): Uint8Array {
  const all: readonly TinyTensor[] = [...inputs, { shape: outputShape }];
  const tensors = all.map(({ shape, data }, i) =>
    table(
      int32s(shape),
      int8(data instanceof Int32Array ? INT32 : FLOAT32),
      int32(data === undefined ? 0 : i + 1),
      text(i === 0 ? 'x' : i === inputs.length ? 'y' : `c${i}`),
    ),
  );
  const buffers = all.map(({ data }) =>
    data === undefined ? table() : table(bytes(new Uint8Array(data.buffer))),
  );
  const operator = table(
    int32(0),
    int32s(inputs.map((_, i) => i)),
    int32s([inputs.length]),
    options === undefined ? undefined : int8(options[0]),
    options?.[1],
  );
  const subgraph = table(
    tables(tensors),
    int32s([0]),
    int32s([inputs.length]),
    tables([operator]),
    text('main'),
  );
  const operatorCode = table(int8(Math.min(code, 127)), undefined, int32(version), int32(code));
  return writeFlat(
    table(
      int32(3),
      tables([operatorCode]),
      tables([subgraph]),
      text('tiny'),
      tables([table(), ...buffers]),
    ),
    'TFL3',
  );
}
