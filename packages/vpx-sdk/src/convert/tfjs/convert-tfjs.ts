import { invalidModel, unknownOutput, unsupportedModel } from '../../errors/model-errors.ts';
import type { ConvertedModel, ConvertOptions, TensorSpec } from '../convert-tflite.ts';
import { plainName } from '../lowering.ts';
import { OnnxGraph } from '../onnx-graph.ts';
import { elementCount, MAX_TENSOR_ELEMENTS } from '../tflite-model.ts';
import {
  lowerTfjsBinary,
  lowerTfjsCast,
  lowerTfjsFloorDiv,
  lowerTfjsSoftmax,
  lowerTfjsUnary,
} from './tfjs-elementwise.ts';
import { TfjsLowering, type TfjsValue } from './tfjs-lowering.ts';
import { readTfjs, type TfjsModel, type TfjsNode } from './tfjs-model.ts';
import {
  lowerTfjsConvolution,
  lowerTfjsMaxPool,
  lowerTfjsMean,
  lowerTfjsResize,
} from './tfjs-pictures.ts';
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
  ['MaxPool', lowerTfjsMaxPool],
  ['Mean', lowerTfjsMean],
  ['Mul', (ctx) => lowerTfjsBinary(ctx, 'Mul')],
  ['Pack', lowerTfjsPack],
  ['RealDiv', (ctx) => lowerTfjsBinary(ctx, 'Div')],
  ['Relu', (ctx) => lowerTfjsUnary(ctx, 'Relu')],
  ['Reshape', lowerTfjsReshape],
  ['ResizeBilinear', lowerTfjsResize],
  ['Sigmoid', (ctx) => lowerTfjsUnary(ctx, 'Sigmoid')],
  ['Softmax', lowerTfjsSoftmax],
  ['Sqrt', (ctx) => lowerTfjsUnary(ctx, 'Sqrt')],
  ['SquaredDifference', (ctx) => lowerTfjsBinary(ctx, 'SquaredDifference')],
  ['Squeeze', lowerTfjsSqueeze],
  ['Sub', (ctx) => lowerTfjsBinary(ctx, 'Sub')],
  ['Unpack', lowerTfjsUnpack],
  ['_FusedConv2D', (ctx) => lowerTfjsConvolution(ctx, false)],
]);

/** The operators that treat each row of a batch alike, so that they may have any number of rows. */
const ROW_BY_ROW: ReadonlySet<string> = new Set([
  ...['Add', 'AddV2', 'Conv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative', 'Identity'],
  ...['MaxPool', 'Mean', 'Mul', 'RealDiv', 'Relu', 'ResizeBilinear', 'Sigmoid', 'Softmax', 'Sqrt'],
  ...['SquaredDifference', 'Sub', '_FusedConv2D'],
]);

const BATCH = 'N';

/**
 * Converts a graph model of TensorFlow.js to ONNX. Inputs and outputs keep their names and their
 * layout (channels last). A batch that the graph leaves open becomes `'N'`, if its operators treat
 * each row alike; any other stays as it is, since such graphs compute with it. An input that is
 * declared as int32 becomes float32 and wants whole numbers.
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
  const isBatched = inputs.some(({ dims }) => dims[0] === BATCH);
  for (const node of order) {
    if (values.has(node.name)) continue;
    const ctx = new TfjsLowering(node, values, graph);
    const lower = LOWERINGS.get(node.op);
    if (lower === undefined) throw ctx.unsupported('the converter does not know the operator');
    if (isBatched && !ROW_BY_ROW.has(node.op)) {
      throw ctx.unsupported('it mixes the rows of a batch, and the batch of the input is open');
    }
    lower(ctx);
    if (isBatched && values.get(node.name)?.shape[0] !== 1) {
      throw ctx.unsupported('it changes the batch, which is open');
    }
  }
  const outputs = kept.map((name): TensorSpec => {
    const value = values.get(name);
    if (value === undefined || 'data' in value || value.isInteger) {
      throw unsupportedModel(`The output "${name}" is not a computed float32.`);
    }
    const dims = isBatched ? [BATCH, ...value.shape.slice(1)] : value.shape;
    graph.node('Identity', [plainName(graph, value)], {}, name);
    graph.output(name, dims);
    return { name, dims };
  });
  return { onnx: graph.finish('tfjs'), inputs, outputs };
}

function declareInput(
  { name, attr }: TfjsNode,
  graph: OnnxGraph,
  values: Map<string, TfjsValue>,
): TensorSpec {
  const declared = (attr['shape']?.shape?.dim ?? []).map(({ size }) => Number(size));
  const isOpen = declared[0] === -1;
  const shape = isOpen ? [1, ...declared.slice(1)] : declared;
  const isFixed =
    shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size >= 1);
  if (!isFixed || elementCount(shape) > MAX_TENSOR_ELEMENTS) {
    throw unsupportedModel(
      `Input "${name}" has the shape [${declared.join(', ')}], which is not fixed or too large.`,
    );
  }
  const dims = isOpen ? [BATCH, ...shape.slice(1)] : shape;
  graph.input(name, dims);
  values.set(name, { shape, plain: name, channelsFirst: undefined, isInteger: false });
  return { name, dims };
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
