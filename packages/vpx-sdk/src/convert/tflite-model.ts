import { invalidModel, unsupportedModel } from '../errors/model-errors.ts';
import { FlatTable } from './flatbuffer.ts';
import { operatorName, tensorTypeName, type TfliteType } from './tflite-names.ts';

// Far above any model that runs on a CPU in time for video; they keep the work on hostile files small.
const MAX_TENSORS = 20_000;
const MAX_RANK = 8;
const MAX_OPERANDS = 64;
const MAX_NAME_BYTES = 1024;
const MAX_CUSTOM_OPTION_BYTES = 2 ** 20;

/** The most elements one tensor may have, 2^27: half a gigabyte of float32. */
export const MAX_TENSOR_ELEMENTS = 2 ** 27;

/** A tensor as the file declares it. */
export interface TfliteTensor {
  readonly name: string;
  /** Sizes, all at least 1; empty for a scalar. */
  readonly shape: readonly number[];
  readonly type: TfliteType;
  /** The bytes of a constant; `undefined` for what is computed. */
  readonly data: Uint8Array | undefined;
  /** How the values of a block-sparse constant lie, unread. */
  readonly sparsity: FlatTable | undefined;
}

/** An operator with the indices of its tensors; -1 stands for an operand that is left out. */
export interface TfliteOperator {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable;
  /** Options of a custom operator, unread; empty for others. */
  readonly customOptions: Uint8Array;
}

/** The one subgraph of a TFLite file. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  /** In an order in which they can run. */
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** The number of elements of a shape. */
export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/**
 * Reads a TFLite flatbuffer. Constants are views of `bytes`.
 *
 * @throws `VPX_MODEL_INVALID` if the bytes are not one, `VPX_MODEL_UNSUPPORTED` if it has more than
 * one subgraph (control flow).
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const model = FlatTable.root(bytes, 'TFL3');
  const codes = model.tables(1, MAX_TENSORS).map(readOperatorName);
  const buffers = model.tables(4, MAX_TENSORS);
  const subgraphs = model.tables(2, MAX_TENSORS);
  const [subgraph] = subgraphs;
  if (subgraph === undefined) throw invalidModel('The model has no graph. The file is damaged.');
  if (subgraphs.length > 1) {
    throw unsupportedModel(
      `The model has ${subgraphs.length} subgraphs; the converter takes one without control flow.`,
    );
  }
  const tensors = subgraph.tables(0, MAX_TENSORS).map((table) => readTensor(table, buffers));
  const operators = subgraph.tables(3, MAX_TENSORS).map((table): TfliteOperator => {
    const code = table.uint32(0);
    const name = codes[code];
    if (name === undefined) {
      throw invalidModel(
        `An operator has code ${code}, but the model lists ${codes.length} codes. The file is damaged.`,
      );
    }
    return {
      name,
      inputs: readIndices(table, 1, -1, tensors.length),
      outputs: readIndices(table, 2, 0, tensors.length),
      options: table.table(4) ?? FlatTable.empty(),
      customOptions: table.bytes(5, MAX_CUSTOM_OPTION_BYTES),
    };
  });
  return {
    tensors,
    operators,
    inputs: readIndices(subgraph, 1, 0, tensors.length),
    outputs: readIndices(subgraph, 2, 0, tensors.length),
  };
}

function readOperatorName(table: FlatTable): string {
  // The first 127 codes stand in an int8 field, later ones in an int32 field: the larger one counts.
  const code = Math.max(table.int8(0), table.int32(3));
  const custom = table.text(1, MAX_NAME_BYTES);
  const name = operatorName(code);
  return name === 'CUSTOM' ? `CUSTOM ${custom}` : name;
}

function readTensor(table: FlatTable, buffers: readonly FlatTable[]): TfliteTensor {
  const name = table.text(3, MAX_NAME_BYTES);
  const shape = table.int32s(0, MAX_RANK);
  if (shape.some((size) => size < 1) || elementCount(shape) > MAX_TENSOR_ELEMENTS) {
    throw invalidModel(
      `Tensor "${name}" has the shape [${shape.join(', ')}]; sizes must be at least 1, with at most ${MAX_TENSOR_ELEMENTS} elements in all.`,
    );
  }
  const buffer = buffers[table.uint32(2)];
  if (buffer === undefined) {
    throw invalidModel(
      `Tensor "${name}" points at buffer ${table.uint32(2)}, but the model has ${buffers.length}.`,
    );
  }
  const data = buffer.bytes(0);
  return {
    name,
    shape,
    type: tensorTypeName(table.int8(1)),
    data: data.length > 0 ? data : undefined,
    sparsity: table.table(6),
  };
}

function readIndices(
  table: FlatTable,
  field: number,
  least: number,
  tensorCount: number,
): number[] {
  const indices = table.int32s(field, MAX_OPERANDS);
  const wrong = indices.find((index) => index < least || index >= tensorCount);
  if (wrong !== undefined) {
    throw invalidModel(
      `The graph names tensor ${wrong}, but has tensors 0 to ${tensorCount - 1}. The file is damaged.`,
    );
  }
  return indices;
}
