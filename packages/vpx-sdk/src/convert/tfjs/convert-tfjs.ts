import { invalidModel, unknownOutput, unsupportedModel } from '../../errors/model-errors.ts';
import type { ConvertedModel, ConvertOptions, TensorSpec } from '../convert-tflite.ts';
import { plainName } from '../lowering.ts';
import { OnnxGraph } from '../onnx-graph.ts';
import { elementCount, MAX_TENSOR_ELEMENTS } from '../tflite-model.ts';
import {
  lowerTfjsBinary,
  lowerTfjsCast,
  lowerTfjsFloorDiv,
  lowerTfjsUnary,
} from './tfjs-elementwise.ts';
import { TfjsLowering, type TfjsValue } from './tfjs-lowering.ts';
import { readTfjs, type TfjsModel, type TfjsNode } from './tfjs-model.ts';
import { lowerTfjsConvolution, lowerTfjsResize } from './tfjs-pictures.ts';
import {
  lowerTfjsArgMax,
  lowerTfjsConcat,
  lowerTfjsExpandDims,
  lowerTfjsGatherNd,
  lowerTfjsPack,
  lowerTfjsReshape,
  lowerTfjsSqueeze,
  lowerTfjsUnpack,
} from './tfjs-shape.ts';

const LOWERINGS: ReadonlyMap<string, (ctx: TfjsLowering) => void> = new Map([
  ['Add', (ctx) => lowerTfjsBinary(ctx, 'Add')],
  ['AddV2', (ctx) => lowerTfjsBinary(ctx, 'Add')],
  ['ArgMax', lowerTfjsArgMax],
  ['Cast', lowerTfjsCast],
  ['ConcatV2', lowerTfjsConcat],
  ['Conv2D', (ctx) => lowerTfjsConvolution(ctx, false)],
  ['DepthwiseConv2dNative', (ctx) => lowerTfjsConvolution(ctx, true)],
  ['ExpandDims', lowerTfjsExpandDims],
  ['FloorDiv', lowerTfjsFloorDiv],
  ['FusedDepthwiseConv2dNative', (ctx) => lowerTfjsConvolution(ctx, true)],
  ['GatherNd', lowerTfjsGatherNd],
  ['Identity', (ctx) => ctx.alias(0)],
  ['Mul', (ctx) => lowerTfjsBinary(ctx, 'Mul')],
  ['Pack', lowerTfjsPack],
  ['RealDiv', (ctx) => lowerTfjsBinary(ctx, 'Div')],
  ['Relu', (ctx) => lowerTfjsUnary(ctx, 'Relu')],
  ['Reshape', lowerTfjsReshape],
  ['ResizeBilinear', lowerTfjsResize],
  ['Sigmoid', (ctx) => lowerTfjsUnary(ctx, 'Sigmoid')],
  ['Sqrt', (ctx) => lowerTfjsUnary(ctx, 'Sqrt')],
  ['SquaredDifference', (ctx) => lowerTfjsBinary(ctx, 'SquaredDifference')],
  ['Squeeze', lowerTfjsSqueeze],
  ['Sub', (ctx) => lowerTfjsBinary(ctx, 'Sub')],
  ['Unpack', lowerTfjsUnpack],
  ['_FusedConv2D', (ctx) => lowerTfjsConvolution(ctx, false)],
]);

/**
 * Converts a graph model of TensorFlow.js to ONNX. Inputs and outputs keep their names, their layout
 * (channels last) and their batch of 1, since such graphs compute with it; an input that is declared
 * as int32 becomes float32 and wants whole numbers.
 *
 * @param modelJson - The bytes of `model.json`.
 * @param weights - The weight files, one after the other.
 * @throws As {@link convertTflite}.
 */
export function convertTfjs(
  modelJson: Uint8Array,
  weights: Uint8Array,
  options: ConvertOptions = {},
): ConvertedModel {
  try {
    return convert(readTfjs(modelJson, weights), options);
  } catch (cause) {
    // JSON of another form than expected shows itself wherever it is first used.
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    throw invalidModel(`The graph is not sound: ${cause.message}.`, { cause });
  }
}

function convert(model: TfjsModel, options: ConvertOptions): ConvertedModel {
  const kept = options.keepOutputs ?? model.outputs;
  for (const name of kept) {
    if (!model.outputs.includes(name)) throw unknownOutput(name, model.outputs);
  }
  const order = neededNodes(model, kept);
  const placeholders = order.filter(({ op }) => op === 'Placeholder');
  const graph = new OnnxGraph([...placeholders.map(({ name }) => name), ...kept]);
  const values = new Map<string, TfjsValue>(model.constants);
  const inputs = placeholders.map((node) => declareInput(node, graph, values));
  for (const node of order) {
    if (values.has(node.name)) continue;
    const ctx = new TfjsLowering(node, values, graph);
    const lower = LOWERINGS.get(node.op);
    if (lower === undefined) throw ctx.unsupported('the converter does not know the operator');
    lower(ctx);
  }
  const outputs = kept.map((name): TensorSpec => {
    const value = values.get(name);
    if (value === undefined || 'data' in value || value.isInteger) {
      throw unsupportedModel(`The output "${name}" is not a computed float32.`);
    }
    graph.node('Identity', [plainName(graph, value)], {}, name);
    graph.output(name, value.shape);
    return { name, dims: value.shape };
  });
  return { onnx: graph.finish('tfjs'), inputs, outputs };
}

function declareInput(
  { name, attr }: TfjsNode,
  graph: OnnxGraph,
  values: Map<string, TfjsValue>,
): TensorSpec {
  const shape = (attr['shape']?.shape?.dim ?? []).map(({ size }) => Number(size));
  const isFixed =
    shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isFixed || elementCount(shape) > MAX_TENSOR_ELEMENTS) {
    throw unsupportedModel(
      `Input "${name}" has the shape [${shape.join(', ')}], which is not fixed or too large.`,
    );
  }
  graph.input(name, shape);
  values.set(name, { shape, plain: name, channelsFirst: undefined, isInteger: false });
  return { name, dims: shape };
}

/** The nodes that lead to the kept outputs, each after those that it reads. */
function neededNodes({ nodes, constants }: TfjsModel, kept: readonly string[]): TfjsNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const order: TfjsNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // By hand rather than by recursion: a hostile graph may be deep.
  const pending = [...kept];
  while (pending.length > 0) {
    const name = pending.at(-1)!;
    const node = byName.get(name);
    if (node === undefined) throw invalidModel(`The graph has no node "${name}".`);
    if (state.get(name) === 'done' || constants.has(name)) {
      pending.pop();
    } else if (state.get(name) === 'open') {
      state.set(name, 'done');
      order.push(node);
      pending.pop();
    } else {
      state.set(name, 'open');
      const sources = node.inputs.map((input) => input.replace(/:\d+$/, ''));
      if (sources.some((source) => state.get(source) === 'open')) {
        throw unsupportedModel(`The graph has a loop at "${name}".`);
      }
      pending.push(...sources);
    }
  }
  return order;
}
