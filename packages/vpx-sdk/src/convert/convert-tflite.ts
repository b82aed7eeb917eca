import { fullBlocks } from './channel-blocks.ts';
import { invalidModel, unknownOutput, unsupportedModel } from '../errors/model-errors.ts';
import { ConstantReader } from './constants.ts';
import { Lowering, plainName, type Activation } from './lowering.ts';
import { OnnxGraph, type OnnxDim } from './onnx-graph.ts';
import { OPERATOR_LOWERINGS } from './operator-table.ts';
import {
  readTflite,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from './tflite-model.ts';

/** Changes with every change to what the converter writes, so that caches notice. */
export const CONVERTER_VERSION = 4;

/** An input or output of a model: float32, row-major. */
export interface TensorSpec {
  readonly name: string;
  /** Sizes; a text is a size that may differ from run to run, such as the batch `'N'`. */
  readonly dims: readonly OnnxDim[];
}

/** Options of {@link convertTflite}. */
export interface ConvertOptions {
  /** Names of the outputs to keep; what only the others need is left out. Default: all. */
  readonly keepOutputs?: readonly string[];
}

/** A model as ONNX. */
export interface ConvertedModel {
  /** The bytes of an .onnx file (opset 17). */
  readonly onnx: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

const BATCH = 'N';
/** They widen and expand constants, and are resolved at once. */
const CONSTANT_OPERATORS = ['DEQUANTIZE', 'DENSIFY'];

/**
 * Converts a TFLite model with float32 or float16 weights (block-sparse too) to ONNX. Inputs and
 * outputs keep their names and their layout (channels last); their first size becomes the batch
 * `'N'`.
 *
 * @param bytes - A .tflite file. Only read; may come from anywhere.
 * @throws `VPX_MODEL_INVALID` if the bytes are damaged, `VPX_MODEL_UNSUPPORTED` naming operator and
 * tensor if something has no counterpart here, `VPX_OUTPUT_UNKNOWN` for a wrong `keepOutputs`.
 */
export function convertTflite(bytes: Uint8Array, options: ConvertOptions = {}): ConvertedModel {
  const model = readTflite(bytes);
  const kept = keptOutputs(model, options.keepOutputs);
  const ends = [...model.inputs, ...kept].map((index) => model.tensors[index]!.name);
  if (new Set(ends).size !== ends.length) {
    throw unsupportedModel(`Inputs and outputs share a name: ${ends.join(', ')}.`);
  }
  const graph = new OnnxGraph(ends);
  const activations = new Map<number, Activation>();
  const inputs = model.inputs.map((index) => {
    const spec = tensorSpec(model.tensors[index]!);
    graph.input(spec.name, spec.dims);
    const { shape } = model.tensors[index]!;
    activations.set(index, { shape, plain: spec.name, channelsFirst: undefined });
    return spec;
  });
  lowerOperators(model, kept, graph, activations);
  const outputs = kept.map((index) => {
    const tensor = model.tensors[index]!;
    const value = activations.get(index);
    if (value === undefined) {
      throw invalidModel(`Nothing computes the output "${tensor.name}". The file is damaged.`);
    }
    const spec = tensorSpec(tensor);
    graph.node('Identity', [plainName(graph, value)], {}, spec.name);
    graph.output(spec.name, spec.dims);
    return spec;
  });
  return { onnx: graph.finish('tflite'), inputs, outputs };
}

function keptOutputs(model: TfliteModel, names: readonly string[] | undefined): readonly number[] {
  if (model.outputs.length === 0) throw invalidModel('The model has no output.');
  if (names === undefined) return model.outputs;
  const known = model.outputs.map((index) => model.tensors[index]!.name);
  return names.map((name) => {
    const at = known.indexOf(name);
    if (at < 0) throw unknownOutput(name, known);
    return model.outputs[at]!;
  });
}

function tensorSpec(tensor: TfliteTensor): TensorSpec {
  if (tensor.type !== 'float32' || tensor.shape[0] !== 1) {
    throw unsupportedModel(
      `"${tensor.name}" is ${tensor.type} of shape [${tensor.shape.join(', ')}]; inputs and outputs must be float32 with a batch of 1.`,
      { details: { tensor: tensor.name } },
    );
  }
  return { name: tensor.name, dims: [BATCH, ...tensor.shape.slice(1)] };
}

function lowerOperators(
  model: TfliteModel,
  kept: readonly number[],
  graph: OnnxGraph,
  activations: Map<number, Activation>,
): void {
  const constants = new ConstantReader();
  // Widened and expanded constants stay what they are: constants, read from where they come.
  const tensors = [...model.tensors];
  const operators = neededOperators(model, kept);
  const computing = operators.filter(({ name }) => !CONSTANT_OPERATORS.includes(name));
  const blocks = fullBlocks(model, computing, kept);
  for (const operator of operators) {
    if (CONSTANT_OPERATORS.includes(operator.name)) {
      const [from, to] = [tensors[operator.inputs[0] ?? -1], operator.outputs[0]];
      if (from?.data === undefined || to === undefined) {
        throw unsupportedModel(
          `${operator.name} of "${from?.name ?? 'nothing'}", which is not a constant, cannot be converted.`,
          { details: { operator: operator.name, tensor: from?.name } },
        );
      }
      tensors[to] = from;
      continue;
    }
    const ctx = new Lowering({
      ...{ operator, tensors, activations, constants, graph },
      fullBlocks: blocks,
    });
    const lower = OPERATOR_LOWERINGS.get(operator.name);
    if (lower === undefined) throw ctx.unsupported('the converter does not know the operator');
    lower(ctx);
  }
}

/** The operators that lead to the kept outputs, in the order of the file. */
function neededOperators(model: TfliteModel, kept: readonly number[]): TfliteOperator[] {
  const needed = new Set(kept);
  const isNeeded = model.operators.map(() => false);
  for (let i = model.operators.length - 1; i >= 0; i--) {
    const { inputs, outputs } = model.operators[i]!;
    if (!outputs.some((output) => needed.has(output))) continue;
    isNeeded[i] = true;
    for (const input of inputs) if (input >= 0) needed.add(input);
  }
  return model.operators.filter((_, i) => isNeeded[i]);
}
