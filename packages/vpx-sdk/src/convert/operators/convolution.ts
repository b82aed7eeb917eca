import type { Lowering } from '../lowering.ts';
import { permute } from '../permute.ts';
import { slideWindow, type Window } from './window.ts';

/** CONV_2D: weights [out, height, width, in]. Fewer input channels in the weights mean groups. */
export function lowerConvolution(ctx: Lowering): void {
  const { shape, data } = ctx.floats(1, 4);
  const [outChannels, height, width, groupChannels] = shape as [number, number, number, number];
  const channels = ctx.activation(0).shape[3] ?? 0;
  const group = channels / groupChannels;
  if (!Number.isInteger(group) || outChannels % group !== 0) {
    throw ctx.invalid(`weights [${shape.join(', ')}] do not fit ${channels} channels`);
  }
  const { options } = ctx;
  emitConvolution(ctx, {
    window: {
      kernel: [height, width],
      strides: [options.int32(2), options.int32(1)],
      dilations: [options.int32(5, 1), options.int32(4, 1)],
      isSame: options.int8(0) === 0,
    },
    weights: permute(data, shape, [0, 3, 1, 2]),
    dims: [outChannels, groupChannels, height, width],
    inChannels: group === 1 ? ctx.channelsInMemory : groupChannels,
    group,
    activation: options.int8(3),
  });
}

/** DEPTHWISE_CONV_2D: weights [1, height, width, channels x multiplier]. */
export function lowerDepthwiseConvolution(ctx: Lowering): void {
  const { shape, data } = ctx.floats(1, 4);
  const [one, height, width, outChannels] = shape as [number, number, number, number];
  const channels = ctx.activation(0).shape[3] ?? 0;
  if (one !== 1 || outChannels % channels !== 0) {
    throw ctx.invalid(`weights [${shape.join(', ')}] do not fit ${channels} channels`);
  }
  const { options } = ctx;
  emitConvolution(ctx, {
    window: {
      kernel: [height, width],
      strides: [options.int32(2), options.int32(1)],
      dilations: [options.int32(6, 1), options.int32(5, 1)],
      isSame: options.int8(0) === 0,
    },
    weights: permute(data, shape, [3, 0, 1, 2]),
    dims: [outChannels, 1, height, width],
    inChannels: 1,
    group: ctx.channelsInMemory,
    activation: options.int8(4),
  });
}

interface Convolution {
  readonly window: Window;
  /** Of the channels of the file, by output, input, height and width. */
  readonly weights: Float32Array;
  readonly dims: readonly [outChannels: number, inChannels: number, height: number, width: number];
  /** Channels of the input in memory that each output reads. */
  readonly inChannels: number;
  readonly group: number;
  readonly activation: number;
}

function emitConvolution(ctx: Lowering, conv: Convolution): void {
  const { window, inChannels, dims } = conv;
  const [outChannels, , ...kernel] = dims;
  const input = ctx.activation(0);
  const outChannelsInMemory = ctx.outputChannelsInMemory;
  const weightDims = [outChannelsInMemory, inChannels, ...kernel];
  const weights = widen(conv.weights, dims, weightDims);
  const operands = [ctx.channelsFirst(input), ctx.graph.floats(weights, weightDims)];
  if (ctx.hasInput(2)) {
    const bias = ctx.floats(2, 1);
    if (bias.shape[0] !== outChannels) throw ctx.invalid(`it has ${bias.shape[0]} biases`);
    const biasDims = [outChannelsInMemory];
    operands.push(ctx.graph.floats(widen(bias.data, bias.shape, biasDims), biasDims));
  }
  const { height, width, pads } = slideWindow(ctx, window, [input.shape[1]!, input.shape[2]!]);
  const result = ctx.emit('Conv', operands, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    group: conv.group,
    pads,
  });
  ctx.setOutput(ctx.fused(result, conv.activation), 'channels-first', [
    1,
    height,
    width,
    outChannels,
  ]);
}

/** A tensor in a larger one of zeros, its first element first. */
function widen(data: Float32Array, from: readonly number[], to: readonly number[]): Float32Array {
  if (from.every((size, d) => size === to[d])) return data;
  const [outer = 0, inner = 1, ...rest] = from;
  const [wideOuter = 0, wideInner = 1] = to;
  const cell = rest.reduce((product, size) => product * size, 1);
  const wide = new Float32Array(wideOuter * wideInner * cell);
  for (let i = 0; i < outer; i++) {
    wide.set(data.subarray(i * inner * cell, (i + 1) * inner * cell), i * wideInner * cell);
  }
  return wide;
}
