import { isPaddedByWeights } from '../channel-blocks.ts';
import { elementCount } from '../tflite-model.ts';
import type { Activation, Lowering } from '../lowering.ts';

// Where each dimension of a channels-last picture stands when the channels come second.
const CHANNELS_FIRST_AXIS = [0, 2, 3, 1];
const CHANNELS_LAST_AXIS = [0, 3, 1, 2];
/** Where the padding of channels begins in the list of a picture's. */
const CHANNEL_PADS = 6;
const SLICE_TO_END = 2 ** 31 - 1;

/** RESHAPE to the declared shape, which keeps the batch in front. */
export function lowerReshape(ctx: Lowering): void {
  const input = ctx.activation(0);
  const shape = ctx.outputShape;
  if (elementCount(shape) !== elementCount(input.shape)) {
    throw ctx.invalid(`[${input.shape.join(', ')}] does not reshape to [${shape.join(', ')}]`);
  }
  const target = ctx.graph.ints([-1, ...shape.slice(1)]);
  ctx.setOutput(ctx.emit('Reshape', [ctx.plain(input), target]), 'plain', shape);
}

/** CONCATENATION along any axis but the batch. */
export function lowerConcatenation(ctx: Lowering): void {
  const rank = ctx.outputShape.length;
  const given = ctx.options.int32(0);
  const axis = given < 0 ? given + rank : given;
  if (axis === 0) throw ctx.unsupported('it joins along the batch');
  const values = Array.from({ length: ctx.inputCount }, (_, slot) => ctx.activation(slot));
  const [first] = values;
  const isEven = values.every(
    (value) =>
      value.shape.length === rank &&
      value.shape.every((size, d) => d === axis || size === first!.shape[d]),
  );
  if (first === undefined || !isEven || !(axis > 0 && axis < rank)) {
    throw ctx.invalid(
      `it joins ${values.map((value) => `[${value.shape.join(', ')}]`).join(', ')} along ${given}`,
    );
  }
  const isPicture = rank === 4;
  const names = values.map((value) => (isPicture ? ctx.channelsFirst(value) : ctx.plain(value)));
  const joined = ctx.emit('Concat', names, { axis: isPicture ? CHANNELS_FIRST_AXIS[axis]! : axis });
  const shape = [...first.shape];
  shape[axis] = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
  ctx.setOutput(
    ctx.fused(joined, ctx.options.int8(1)),
    isPicture ? 'channels-first' : 'plain',
    shape,
  );
}

/** PAD with zeros along any axis but the batch. */
export function lowerPad(ctx: Lowering): void {
  const input = ctx.activation(0);
  const rank = input.shape.length;
  const pads = ctx.ints(1, rank * 2);
  if (pads.some((pad) => pad < 0 || pad > 4096)) {
    throw ctx.invalid(`it pads by ${pads.join(', ')}`);
  }
  if (pads[0] !== 0 || pads[1] !== 0) throw ctx.unsupported('it pads the batch');
  const isPicture = rank === 4;
  const shape = input.shape.map((size, d) => size + pads[d * 2]! + pads[d * 2 + 1]!);
  if (isPaddedByWeights(input.shape, shape)) {
    ctx.setOutput(addChannels(ctx, input, pads[CHANNEL_PADS]!), 'channels-first', shape);
    return;
  }
  const axes = isPicture ? CHANNELS_LAST_AXIS : input.shape.map((_, d) => d);
  const amounts = [...axes.map((d) => pads[d * 2]!), ...axes.map((d) => pads[d * 2 + 1]!)];
  const name = isPicture ? ctx.channelsFirst(input) : ctx.plain(input);
  ctx.setOutput(
    ctx.emit('Pad', [name, ctx.graph.ints(amounts)]),
    isPicture ? 'channels-first' : 'plain',
    shape,
  );
}

/**
 * Channels of zeros around the others, by a convolution with ones and zeros: onnxruntime keeps pictures
 * in blocks of channels from convolution to convolution, and would move all of them in memory for a
 * Pad, and again after it. Nothing is to be done where they are there already.
 */
function addChannels(ctx: Lowering, input: Activation, before: number): string {
  const name = ctx.channelsFirst(input);
  const [count, outCount] = [ctx.channelsInMemory, ctx.outputChannelsInMemory];
  if (before === 0 && count === outCount) return name;
  const weights = new Float32Array(outCount * count);
  const channels = input.shape[3]!;
  for (let channel = 0; channel < channels; channel++) {
    weights[(before + channel) * count + channel] = 1;
  }
  const constant = ctx.graph.floats(weights, [outCount, count, 1, 1]);
  return ctx.emit('Conv', [name, constant], { kernel_shape: [1, 1] });
}

/** STRIDED_SLICE forwards, without ellipsis or changes of rank, the batch whole. */
export function lowerStridedSlice(ctx: Lowering): void {
  const input = ctx.activation(0);
  const rank = input.shape.length;
  const [begins, ends, steps] = [ctx.ints(1, rank), ctx.ints(2, rank), ctx.ints(3, rank)];
  const { options } = ctx;
  if ([2, 3, 4].some((field) => options.int32(field) !== 0)) {
    throw ctx.unsupported('it has an ellipsis or changes the rank');
  }
  const slices = input.shape.map((size, d) => {
    const step = steps[d]!;
    if (step < 1) throw ctx.unsupported(`it goes in steps of ${step}`);
    const bound = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const begin = (options.int32(0) >> d) & 1 ? 0 : bound(begins[d]!);
    const end = (options.int32(1) >> d) & 1 ? size : bound(ends[d]!);
    return { begin, end, step, count: Math.max(0, Math.ceil((end - begin) / step)), size };
  });
  const [batch, ...inner] = slices;
  if (batch?.count !== 1) throw ctx.unsupported('it cuts the batch');
  const list = (pick: (slice: (typeof slices)[number]) => number) =>
    ctx.graph.ints(inner.map(pick));
  const result = ctx.emit('Slice', [
    ctx.plain(input),
    list((slice) => slice.begin),
    list((slice) => (slice.end === slice.size ? SLICE_TO_END : slice.end)),
    ctx.graph.ints(inner.map((_, i) => i + 1)),
    list((slice) => slice.step),
  ]);
  ctx.setOutput(result, 'plain', [1, ...inner.map((slice) => slice.count)]);
}

/** DEPTH_TO_SPACE: ONNX calls TFLite's order of the block DCR. */
export function lowerDepthToSpace(ctx: Lowering): void {
  const input = ctx.activation(0);
  const name = ctx.channelsFirst(input);
  const block = ctx.options.int32(0);
  const [, height, width, channels] = input.shape as [number, number, number, number];
  if (!(block >= 1) || channels % (block * block) !== 0) {
    throw ctx.invalid(`${channels} channels do not make blocks of ${block}x${block}`);
  }
  const result = ctx.emit('DepthToSpace', [name], { blocksize: block, mode: 'DCR' });
  const depth = channels / (block * block);
  ctx.setOutput(result, 'channels-first', [1, height * block, width * block, depth]);
}
