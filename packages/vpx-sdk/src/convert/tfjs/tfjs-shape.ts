import { elementCount } from '../tflite-model.ts';
import type { TfjsLowering } from './tfjs-lowering.ts';

const MAX_SLICES = 1024;

/** Reshape; one size may be -1. */
export function lowerTfjsReshape(ctx: TfjsLowering): void {
  const count = elementCount(ctx.value(0).shape);
  const given = ctx.ints(1);
  const known = given.reduce((product, size) => (size < 0 ? product : product * size), 1);
  const shape = given.map((size) => (size < 0 ? count / known : size));
  if (elementCount(shape) !== count) throw ctx.invalid(`${count} numbers as [${shape.join(', ')}]`);
  const result = ctx.emit('Reshape', [ctx.plain(0), ctx.graph.ints(shape)]);
  ctx.setPlain(result, shape, ctx.isInteger(0));
}

/** ExpandDims: one more axis of size 1. */
export function lowerTfjsExpandDims(ctx: TfjsLowering): void {
  const { shape } = ctx.value(0);
  const axis = axisOf(ctx, ctx.ints(1)[0]!, shape.length + 1);
  const result = ctx.emit('Unsqueeze', [ctx.plain(0), ctx.graph.ints([axis])]);
  ctx.setPlain(result, shape.toSpliced(axis, 0, 1), ctx.isInteger(0));
}

/** Squeeze of the axes that it names. */
export function lowerTfjsSqueeze(ctx: TfjsLowering): void {
  const { shape } = ctx.value(0);
  const axes = ctx.intList('squeeze_dims').map((axis) => axisOf(ctx, axis, shape.length));
  if (axes.length === 0) throw ctx.unsupported('it names no axes');
  const result = ctx.emit('Squeeze', [ctx.plain(0), ctx.graph.ints(axes)]);
  ctx.setPlain(
    result,
    shape.filter((_, d) => !axes.includes(d)),
    ctx.isInteger(0),
  );
}

/** Pack: values side by side along a new axis. */
export function lowerTfjsPack(ctx: TfjsLowering): void {
  const { shape } = ctx.value(0);
  const axis = axisOf(ctx, ctx.int('axis'), shape.length + 1);
  const parts = ctx.node.inputs.map((_, slot) =>
    ctx.emit('Unsqueeze', [ctx.plain(slot), ctx.graph.ints([axis])]),
  );
  const packed = shape.toSpliced(axis, 0, parts.length);
  ctx.setPlain(ctx.emit('Concat', parts, { axis }), packed, ctx.isInteger(0));
}

/** Unpack: the slices along an axis, each an output. */
export function lowerTfjsUnpack(ctx: TfjsLowering): void {
  const { shape } = ctx.value(0);
  const axis = axisOf(ctx, ctx.int('axis'), shape.length);
  const isInteger = ctx.isInteger(0);
  if (shape[axis]! > MAX_SLICES) throw ctx.unsupported(`it has ${shape[axis]} outputs`);
  for (let i = 0; i < shape[axis]!; i++) {
    const slice = ctx.emit('Gather', [ctx.plain(0), ctx.graph.ints([i], [])], { axis });
    ctx.setPlain(slice, shape.toSpliced(axis, 1), isInteger, i);
  }
}

/** ConcatV2: the last input is the axis. */
export function lowerTfjsConcat(ctx: TfjsLowering): void {
  const slots = Array.from({ length: ctx.inputCount - 1 }, (_, slot) => slot);
  const shape = [...ctx.value(0).shape];
  const axis = axisOf(ctx, ctx.ints(ctx.inputCount - 1)[0]!, shape.length);
  shape[axis] = slots.reduce((sum, slot) => sum + (ctx.value(slot).shape[axis] ?? 0), 0);
  const names = slots.map((slot) => ctx.plain(slot));
  ctx.setPlain(ctx.emit('Concat', names, { axis }), shape, ctx.isInteger(0));
}

/** ArgMax along one axis, which goes away. */
export function lowerTfjsArgMax(ctx: TfjsLowering): void {
  const { shape } = ctx.value(0);
  const axis = axisOf(ctx, ctx.ints(1)[0]!, shape.length);
  const result = ctx.emit('ArgMax', [ctx.plain(0)], { axis, keepdims: 0 });
  ctx.setPlain(result, shape.toSpliced(axis, 1), true);
}

/** GatherNd: the parts of a value at given places. */
export function lowerTfjsGatherNd(ctx: TfjsLowering): void {
  const [data, places] = [ctx.value(0).shape, ctx.value(1).shape];
  const depth = places.at(-1) ?? 0;
  if (!ctx.isInteger(1) || depth < 1 || depth > data.length) {
    throw ctx.invalid(`places [${places.join(', ')}] in [${data.join(', ')}]`);
  }
  const result = ctx.emit('GatherND', [ctx.plain(0), ctx.plain(1)]);
  ctx.setPlain(result, [...places.slice(0, -1), ...data.slice(depth)], ctx.isInteger(0));
}

function axisOf(ctx: TfjsLowering, given: number, rank: number): number {
  const axis = given < 0 ? given + rank : given;
  if (Number.isInteger(axis) && axis >= 0 && axis < rank) return axis;
  throw ctx.invalid(`it names axis ${given} of ${rank}`);
}
