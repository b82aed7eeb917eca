import type { Lowering } from '../lowering.ts';

/** RESIZE_BILINEAR to a constant size. */
export function lowerResizeBilinear(ctx: Lowering): void {
  const input = ctx.activation(0);
  const name = ctx.channelsFirst(input);
  const size = ctx.ints(1, 2);
  if (size.some((n) => n < 1 || n > 2 ** 14)) throw ctx.invalid(`it resizes to ${size.join('x')}`);
  const alignsCorners = ctx.options.int8(2) !== 0;
  const hasHalfPixelCentres = ctx.options.int8(3) !== 0;
  // Not by `sizes`, which would fix the batch; sizes of two axes only (opset 18) break the optimiser
  // of onnxruntime 1.30, which moves transposes through them.
  const scales = Float32Array.of(
    1,
    1,
    scaleTo(input.shape[1]!, size[0]!),
    scaleTo(input.shape[2]!, size[1]!),
  );
  const result = ctx.emit('Resize', [name, '', ctx.graph.floats(scales, [4])], {
    mode: 'linear',
    coordinate_transformation_mode: alignsCorners
      ? 'align_corners'
      : hasHalfPixelCentres
        ? 'half_pixel'
        : 'asymmetric',
  });
  ctx.setOutput(result, 'channels-first', [1, size[0]!, size[1]!, input.shape[3]!]);
}

/** The float32 nearest to `to / from` with which `from` pixels become `to`, rounded down. */
export function scaleTo(from: number, to: number): number {
  const scale = Math.fround(to / from);
  return Math.fround(scale * from) >= to ? scale : Math.fround(scale * (1 + 2 ** -23));
}
