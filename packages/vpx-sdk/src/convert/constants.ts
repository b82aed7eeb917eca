import { invalidModel, unsupportedModel } from '../errors/model-errors.ts';
import { decodeFloat16 } from './float16.ts';
import { densify, readSparsity } from './sparse.ts';
import { elementCount, MAX_TENSOR_ELEMENTS, type TfliteTensor } from './tflite-model.ts';

/** A dense constant in the layout of the file. */
export interface FloatConstant {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Decodes the constants of a model. All that one reader decodes together is limited to 2^27
 * elements, so that a small hostile file cannot ask for much memory.
 */
export class ConstantReader {
  #elementsLeft = MAX_TENSOR_ELEMENTS;

  /**
   * A float32 or float16 constant as dense float32.
   *
   * @throws `VPX_MODEL_UNSUPPORTED` for other types, `VPX_MODEL_INVALID` if bytes and shape differ.
   */
  floats(tensor: TfliteTensor): FloatConstant {
    const { shape, sparsity } = tensor;
    this.#spend(tensor);
    const stored =
      tensor.type === 'float16'
        ? decodeFloat16(constantBytes(tensor, 2))
        : new Float32Array(numbers(tensor, 'float32'));
    const data =
      sparsity === undefined
        ? stored
        : densify(stored, shape, readSparsity(sparsity, elementCount(shape)));
    if (data.length !== elementCount(shape)) throw wrongLength(tensor, data.length);
    return { shape, data };
  }

  /** An int32 constant as plain numbers. @throws as {@link ConstantReader.floats}. */
  ints(tensor: TfliteTensor): readonly number[] {
    this.#spend(tensor);
    const data = Array.from(new Int32Array(numbers(tensor, 'int32')));
    if (data.length !== elementCount(tensor.shape)) throw wrongLength(tensor, data.length);
    return data;
  }

  #spend(tensor: TfliteTensor): void {
    this.#elementsLeft -= elementCount(tensor.shape);
    if (this.#elementsLeft >= 0) return;
    throw invalidModel(
      `The constants up to "${tensor.name}" have more than ${MAX_TENSOR_ELEMENTS} elements together.`,
    );
  }
}

function constantBytes(tensor: TfliteTensor, elementBytes: number): Uint8Array {
  const { data } = tensor;
  if (data === undefined) {
    throw unsupportedModel(
      `Tensor "${tensor.name}" is computed where the converter needs a constant.`,
      { details: { tensor: tensor.name } },
    );
  }
  const count = data.length / elementBytes;
  if (!Number.isInteger(count) || count > elementCount(tensor.shape)) {
    throw wrongLength(tensor, count);
  }
  return data;
}

// A copy, because the bytes in the file need not be aligned.
function numbers(tensor: TfliteTensor, type: 'float32' | 'int32'): ArrayBuffer {
  if (tensor.type !== type) {
    throw unsupportedModel(
      `Constant "${tensor.name}" has the type ${tensor.type}; the converter needs ${type} here. Quantised models are not converted.`,
      { details: { tensor: tensor.name, type: tensor.type } },
    );
  }
  return new Uint8Array(constantBytes(tensor, 4)).buffer;
}

const wrongLength = (tensor: TfliteTensor, count: number) =>
  invalidModel(
    `Constant "${tensor.name}" of shape [${tensor.shape.join(', ')}] has ${count} elements. The file is damaged.`,
  );
