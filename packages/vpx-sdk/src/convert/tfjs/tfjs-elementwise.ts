import type { TfjsLowering } from './tfjs-lowering.ts';

/** One value in, one out, in whichever layout it comes. */
export function lowerTfjsUnary(ctx: TfjsLowering, operator: 'Relu' | 'Sigmoid' | 'Sqrt'): void {
  const { shape, channelsFirst, plain } = ctx.computed(0);
  const result = ctx.emit(operator, [(channelsFirst ?? plain)!]);
  if (channelsFirst === undefined) ctx.setPlain(result, shape);
  else ctx.setChannelsFirst(result, shape);
}

/** Softmax along the last axis. */
export function lowerTfjsSoftmax(ctx: TfjsLowering): void {
  const { shape } = ctx.computed(0);
  ctx.setPlain(ctx.emit('Softmax', [ctx.plain(0)], { axis: -1 }), shape);
}

/** Two values in, one out, with broadcasting. */
export function lowerTfjsBinary(
  ctx: TfjsLowering,
  operator: 'Add' | 'Sub' | 'Mul' | 'Div' | 'SquaredDifference',
): void {
  const isInteger = ctx.isInteger(0);
  if (isInteger !== ctx.isInteger(1)) throw ctx.invalid('it mixes integers and floats');
  const shape = broadcast(ctx, ctx.value(0).shape, ctx.value(1).shape);
  const isPicture = shape.length === 4 && ctx.prefersChannelsFirst();
  const operands = [0, 1].map((slot) => (isPicture ? ctx.channelsFirst(slot) : ctx.plain(slot)));
  const result =
    operator === 'SquaredDifference' ? squared(ctx, operands) : ctx.emit(operator, operands);
  if (isPicture) ctx.setChannelsFirst(result, shape);
  else ctx.setPlain(result, shape, isInteger);
}

function squared(ctx: TfjsLowering, operands: readonly string[]): string {
  const difference = ctx.emit('Sub', operands);
  return ctx.emit('Mul', [difference, difference]);
}

/** FloorDiv of integers that are not negative, such as places in a picture: Div rounds to 0. */
export function lowerTfjsFloorDiv(ctx: TfjsLowering): void {
  if (!ctx.isInteger(0)) throw ctx.unsupported('it divides floats');
  lowerTfjsBinary(ctx, 'Div');
}

/** Cast between integers and floats. Floats are not cut to integers. */
export function lowerTfjsCast(ctx: TfjsLowering): void {
  const toInteger = ctx.node.attr['DstT']?.type === 'DT_INT32';
  const { shape } = ctx.computed(0);
  if (toInteger === ctx.isInteger(0)) ctx.alias(0);
  else if (toInteger) throw ctx.unsupported('it cuts floats to integers');
  else ctx.setPlain(ctx.emit('Cast', [ctx.plain(0)], { to: ONNX_FLOAT }), shape);
}

const ONNX_FLOAT = 1;

function broadcast(
  ctx: TfjsLowering,
  left: readonly number[],
  right: readonly number[],
): readonly number[] {
  const rank = Math.max(left.length, right.length);
  return Array.from({ length: rank }, (_, d) => {
    const a = left[d - rank + left.length] ?? 1;
    const b = right[d - rank + right.length] ?? 1;
    if (a !== b && a !== 1 && b !== 1) {
      throw ctx.invalid(`shapes [${left.join(', ')}] and [${right.join(', ')}] do not go together`);
    }
    return Math.max(a, b);
  });
}
