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
    weights: ctx.graph.floats(permute(data, shape, [0, 3, 1, 2]), [
      outChannels,
      groupChannels,
      height,
      width,
    ]),
    outChannels,
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
    weights: ctx.graph.floats(permute(data, shape, [3, 0, 1, 2]), [outChannels, 1, height, width]),
    outChannels,
    group: channels,
    activation: options.int8(4),
  });
}

interface Convolution {
  readonly window: Window;
  readonly weights: string;
  readonly outChannels: number;
  readonly group: number;
  readonly activation: number;
}

function emitConvolution(ctx: Lowering, conv: Convolution): void {
  const { window, outChannels } = conv;
  const input = ctx.activation(0);
  const operands = [ctx.channelsFirst(input), conv.weights];
  if (ctx.hasInput(2)) {
    const bias = ctx.floats(2, 1);
    if (bias.shape[0] !== outChannels) throw ctx.invalid(`it has ${bias.shape[0]} biases`);
    operands.push(ctx.graph.floats(bias.data, bias.shape));
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
