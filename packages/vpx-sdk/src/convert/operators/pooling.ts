import type { Lowering } from '../lowering.ts';
import { slideWindow, type Window } from './window.ts';

/** MAX_POOL_2D and AVERAGE_POOL_2D; padding counts in neither. */
export function lowerPooling(ctx: Lowering, operator: 'MaxPool' | 'AveragePool'): void {
  const { options } = ctx;
  const input = ctx.activation(0);
  const name = ctx.channelsFirst(input);
  const window: Window = {
    kernel: [options.int32(4), options.int32(3)],
    strides: [options.int32(2), options.int32(1)],
    dilations: [1, 1],
    isSame: options.int8(0) === 0,
  };
  const { height, width, pads } = slideWindow(ctx, window, [input.shape[1]!, input.shape[2]!]);
  const result = ctx.emit(operator, [name], {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads,
  });
  ctx.setOutput(ctx.fused(result, options.int8(5)), 'channels-first', [
    1,
    height,
    width,
    input.shape[3]!,
  ]);
}

/** MEAN over height and width. */
export function lowerMean(ctx: Lowering): void {
  const input = ctx.activation(0);
  const name = ctx.channelsFirst(input);
  const axes = ctx.ints(1, 2).map((axis) => (axis < 0 ? axis + 4 : axis));
  if (!axes.includes(1) || !axes.includes(2)) {
    throw ctx.unsupported(`it averages over axes ${axes.join(', ')}, not over height and width`);
  }
  const channels = input.shape[3]!;
  const pooled = ctx.emit('GlobalAveragePool', [name]);
  if (ctx.options.int8(0) !== 0) {
    ctx.setOutput(pooled, 'channels-first', [1, 1, 1, channels]);
    return;
  }
  const flat = ctx.emit('Reshape', [pooled, ctx.graph.ints([-1, channels])]);
  ctx.setOutput(flat, 'plain', [1, channels]);
}
