import type { Lowering } from '../lowering.ts';

/** RESIZE_BILINEAR to a constant size. */
export function lowerResizeBilinear(ctx: Lowering): void {
  const input = ctx.activation(0);
  const name = ctx.channelsFirst(input);
  const size = ctx.ints(1, 2);
  if (size.some((n) => n < 1 || n > 2 ** 14)) throw ctx.invalid(`it resizes to ${size.join('x')}`);
  const alignsCorners = ctx.options.int8(2) !== 0;
  const hasHalfPixelCentres = ctx.options.int8(3) !== 0;
  const result = ctx.emit('Resize', [name, '', '', ctx.graph.ints(size)], {
    mode: 'linear',
    axes: [2, 3],
    coordinate_transformation_mode: alignsCorners
      ? 'align_corners'
      : hasHalfPixelCentres
        ? 'half_pixel'
        : 'asymmetric',
  });
  ctx.setOutput(result, 'channels-first', [1, size[0]!, size[1]!, input.shape[3]!]);
}
