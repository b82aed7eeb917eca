import { permute } from '../permute.ts';
import { scaleTo } from '../operators/resize.ts';
import { slideWindow } from '../operators/window.ts';
import type { TfjsLowering } from './tfjs-lowering.ts';

/** Convolutions, with the bias and the activation that TensorFlow fuses into them. */
export function lowerTfjsConvolution(ctx: TfjsLowering, isDepthwise: boolean): void {
  const input = ctx.computed(0);
  const { shape, data } = ctx.floats(1);
  if (shape.length !== 4) throw ctx.invalid(`its weights have rank ${shape.length}`);
  const [height, width, inChannels, last] = shape as [number, number, number, number];
  const outChannels = isDepthwise ? inChannels * last : last;
  const padding = ctx.text('padding');
  if (padding !== 'SAME' && padding !== 'VALID') throw ctx.unsupported(`its padding is ${padding}`);
  const [strides, dilations] = [ctx.intList('strides'), ctx.intList('dilations')];
  const window = {
    kernel: [height, width],
    strides: [strides[1] ?? 1, strides[2] ?? 1],
    dilations: [dilations[1] ?? 1, dilations[2] ?? 1],
    isSame: padding === 'SAME',
  } as const;
  if (input.shape.length !== 4 || input.shape[3] !== inChannels) {
    throw ctx.invalid(`weights [${shape.join(', ')}] on [${input.shape.join(', ')}]`);
  }
  const out = slideWindow(ctx, window, [input.shape[1]!, input.shape[2]!]);
  const weights = isDepthwise
    ? ctx.graph.floats(permute(data, shape, [2, 3, 0, 1]), [outChannels, 1, height, width])
    : ctx.graph.floats(permute(data, shape, [3, 2, 0, 1]), [
        outChannels,
        inChannels,
        height,
        width,
      ]);
  const [first, ...rest] = ctx.textList('fused_ops');
  const hasBias = first === 'BiasAdd';
  const operands = [ctx.channelsFirst(0), weights];
  if (hasBias) operands.push(ctx.graph.floats(ctx.floats(2).data, [outChannels]));
  let result = ctx.emit('Conv', operands, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    group: isDepthwise ? inChannels : 1,
    pads: out.pads,
  });
  for (const fused of hasBias || first === undefined ? rest : [first, ...rest]) {
    result = applyFused(ctx, result, fused);
  }
  ctx.setChannelsFirst(result, [1, out.height, out.width, outChannels]);
}

function applyFused(ctx: TfjsLowering, name: string, operator: string): string {
  if (operator === 'Relu') return ctx.emit('Relu', [name]);
  if (operator !== 'Relu6') throw ctx.unsupported(`${operator} is fused into it`);
  const [low, high] = [0, 6].map((limit) => ctx.graph.floats(Float32Array.of(limit), []));
  return ctx.emit('Clip', [name, low!, high!]);
}

/** ResizeBilinear to a constant size. */
export function lowerTfjsResize(ctx: TfjsLowering): void {
  const input = ctx.computed(0);
  const [height, width] = ctx.ints(1) as [number, number];
  if (input.shape.length !== 4 || !(height >= 1 && width >= 1)) {
    throw ctx.invalid(`it resizes [${input.shape.join(', ')}] to ${height}x${width}`);
  }
  const factors = [scaleTo(input.shape[1]!, height), scaleTo(input.shape[2]!, width)];
  const scales = ctx.graph.floats(Float32Array.of(1, 1, ...factors), [4]);
  const how = ctx.flag('align_corners')
    ? 'align_corners'
    : ctx.flag('half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';
  const result = ctx.emit('Resize', [ctx.channelsFirst(0), '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: how,
  });
  ctx.setChannelsFirst(result, [1, height, width, input.shape[3]!]);
}

/** MaxPool; padding does not count. */
export function lowerTfjsMaxPool(ctx: TfjsLowering): void {
  const { shape } = ctx.computed(0);
  if (shape.length !== 4) throw ctx.invalid(`it pools [${shape.join(', ')}]`);
  const padding = ctx.text('padding');
  if (padding !== 'SAME' && padding !== 'VALID') throw ctx.unsupported(`its padding is ${padding}`);
  const [kernel, strides] = [ctx.intList('ksize'), ctx.intList('strides')];
  const window = {
    kernel: [kernel[1] ?? 1, kernel[2] ?? 1],
    strides: [strides[1] ?? 1, strides[2] ?? 1],
    dilations: [1, 1],
    isSame: padding === 'SAME',
  } as const;
  const { height, width, pads } = slideWindow(ctx, window, [shape[1]!, shape[2]!]);
  const result = ctx.emit('MaxPool', [ctx.channelsFirst(0)], {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads,
  });
  ctx.setChannelsFirst(result, [1, height, width, shape[3]!]);
}

/** Mean over height and width. */
export function lowerTfjsMean(ctx: TfjsLowering): void {
  const { shape } = ctx.computed(0);
  const axes = ctx.ints(1).map((axis) => (axis < 0 ? axis + shape.length : axis));
  const isOverPicture =
    shape.length === 4 && axes.length === 2 && [1, 2].every((axis) => axes.includes(axis));
  if (!isOverPicture) {
    throw ctx.unsupported(`it averages [${shape.join(', ')}] over the axes ${axes.join(', ')}`);
  }
  const channels = shape[3]!;
  const pooled = ctx.emit('GlobalAveragePool', [ctx.channelsFirst(0)]);
  if (ctx.flag('keep_dims')) {
    ctx.setChannelsFirst(pooled, [1, 1, 1, channels]);
    return;
  }
  const flat = ctx.emit('Reshape', [pooled, ctx.graph.ints([-1, channels])]);
  ctx.setPlain(flat, [1, channels]);
}
