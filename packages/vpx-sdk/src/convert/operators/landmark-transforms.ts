import type { FlexValue } from '../flex-map.ts';
import type { Lowering } from '../lowering.ts';

// Operators that MediaPipe adds to TFLite for models that look closer at parts of a face.
// See mediapipe/util/tflite/operations, each in its second version.

/** Keeps a division by the distance of two landmarks that coincide from giving no number. */
const TINY = 1e-20;

/**
 * Landmarks2TransformMatrix: from landmarks [1, n, 3] the matrix [1, 4, 4] that takes pixels of a
 * crop around some of them, turned so that the line between two has a given slope, to where they lie.
 */
export function lowerLandmarksToMatrix(ctx: Lowering): void {
  const landmarks = ctx.activation(0);
  const [, count, dims] = landmarks.shape;
  if (landmarks.shape.length !== 3 || dims !== 3)
    throw ctx.unsupported('its input is not [1, n, 3]');
  const options = ctx.customOptions();
  const leftAt = wholeOption(ctx, options, 'left_rotation_idx');
  const rightAt = wholeOption(ctx, options, 'right_rotation_idx');
  const subset = options.get('subset_idxs');
  if (!Array.isArray(subset) || subset.length === 0) throw ctx.invalid('it lists no landmarks');
  if ([leftAt, rightAt, ...(subset as number[])].some((at) => !(at >= 0 && at < count!))) {
    throw ctx.invalid(`it names landmarks beyond the ${count} that it gets`);
  }
  const size = [
    wholeOption(ctx, options, 'output_width'),
    wholeOption(ctx, options, 'output_height'),
  ];
  const scale = [numberOption(ctx, options, 'scale_x'), numberOption(ctx, options, 'scale_y')];
  if (![...size, ...scale].every((value) => value > 0)) {
    throw ctx.invalid(`its sizes are ${size.join('x')}, scaled by ${scale.join(' and ')}`);
  }
  const target = numberOption(ctx, options, 'target_rotation_radians');

  const { graph } = ctx;
  const numbers = (values: readonly number[], shape: readonly number[]) =>
    graph.floats(Float32Array.from(values), shape);
  const emit = ctx.emit.bind(ctx);
  const xy = emit('Slice', [
    ctx.plain(landmarks),
    graph.ints([0]),
    graph.ints([2]),
    graph.ints([2]),
  ]);
  const pick = (at: readonly number[]) => emit('Gather', [xy, graph.ints(at)], { axis: 1 });
  // Cosine and sine of the turn to be undone, from the line between the two landmarks itself.
  const line = emit('Sub', [pick([rightAt]), pick([leftAt])]);
  const length = emit('Max', [emit('ReduceL2', [line], { axes: [2] }), numbers([TINY], [1])]);
  const direction = emit('Div', [line, length]);
  const [cosTarget, sinTarget] = [Math.cos(target), Math.sin(target)];
  // Rows (cos, -sin) and (sin, cos) of the turn by target - slope, as [1, 2, 2].
  const turn = emit('Reshape', [
    emit('MatMul', [
      direction,
      numbers(
        [cosTarget, -sinTarget, sinTarget, cosTarget, sinTarget, cosTarget, -cosTarget, sinTarget],
        [2, 4],
      ),
    ]),
    graph.ints([-1, 2, 2]),
  ]);
  const turnBack = emit('Transpose', [turn], { perm: [0, 2, 1] });
  // Points are rows, so a turn of points multiplies by the transposed matrix from the right.
  const turned = emit('MatMul', [pick(subset as number[]), turnBack]);
  const most = emit('ReduceMax', [turned], { axes: [1] });
  const least = emit('ReduceMin', [turned], { axes: [1] });
  const middle = emit('Mul', [emit('Add', [most, least]), numbers([0.5], [1])]);
  const centre = emit('MatMul', [middle, turn]);
  const scales = emit('Mul', [
    emit('Sub', [most, least]),
    numbers([scale[0]! / size[0]!, scale[1]! / size[1]!], [2]),
  ]);
  // Columns of the turn back, each by its scale; then what moves the middle of the crop to the centre.
  const linear = emit('Mul', [turnBack, scales]);
  const halfSize = numbers([size[0]! / 2, size[1]! / 2], [2, 1]);
  const shift = emit('Sub', [
    emit('Transpose', [centre], { perm: [0, 2, 1] }),
    emit('MatMul', [linear, halfSize]),
  ]);
  // [1, 2, 3] to [1, 4, 4]: a zero column before the shift, and the last two rows of the identity.
  const affine = emit('Concat', [linear, shift], { axis: 2 });
  const spread = numbers([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], [3, 4]);
  const topRows = numbers([1, 0, 0, 1, 0, 0, 0, 0], [4, 2]);
  const top = emit('MatMul', [topRows, emit('MatMul', [affine, spread])]);
  const bottom = numbers([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [1, 4, 4]);
  ctx.setOutput(emit('Add', [top, bottom]), 'plain', [1, 4, 4]);
}

/** TransformTensorBilinear: a crop of a picture through a matrix [1, 4, 4]; 0 beyond the border. */
export function lowerTransformTensor(ctx: Lowering): void {
  const picture = ctx.activation(0);
  const name = ctx.channelsFirst(picture);
  const matrix = matrixInput(ctx);
  const options = ctx.customOptions();
  const width = wholeOption(ctx, options, 'output_width');
  const height = wholeOption(ctx, options, 'output_height');
  const [, fromHeight, fromWidth, channels] = picture.shape as [number, number, number, number];
  if (!(width >= 1 && height >= 1 && width <= 4096 && height <= 4096)) {
    throw ctx.invalid(`it makes a picture of ${width}x${height}`);
  }
  if (fromWidth < 2 || fromHeight < 2) throw ctx.unsupported('its picture is a line');
  const { graph } = ctx;
  const emit = ctx.emit.bind(ctx);
  // Pixels are taken at their middles.
  const middles = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    middles.set([(i % width) + 0.5, Math.floor(i / width) + 0.5, 1], i * 3);
  }
  const rows = emit('Transpose', [affineRows(ctx, matrix)], { perm: [0, 2, 1] });
  const at = emit('Sub', [
    emit('MatMul', [graph.floats(middles, [width * height, 3]), rows]),
    graph.floats(Float32Array.of(0.5), [1]),
  ]);
  const shaped = emit('Reshape', [at, graph.ints([-1, height, width, 2])]);
  const last = [fromWidth - 1, fromHeight - 1];
  const toUnit = graph.floats(
    Float32Array.from(last, (size) => 2 / size),
    [2],
  );
  const grid = emit('Sub', [emit('Mul', [shaped, toUnit]), graph.floats(Float32Array.of(1), [1])]);
  const sampled = emit('GridSample', [name, grid], {
    mode: 'bilinear',
    padding_mode: 'zeros',
    align_corners: 1,
  });
  // GridSample fades out over the last pixel beyond the border; this operator ends at it. The least
  // of how far a place lies inside all four sides is below 0 outside.
  const inside = emit('Min', [
    shaped,
    emit('Sub', [graph.floats(Float32Array.from(last), [2]), shaped]),
  ]);
  const isInside = emit(
    'Cast',
    [
      emit('GreaterOrEqual', [
        emit('ReduceMin', [inside], { axes: [3], keepdims: 0 }),
        graph.floats(Float32Array.of(0), [1]),
      ]),
    ],
    { to: 1 },
  );
  const mask = emit('Unsqueeze', [isInside, graph.ints([1])]);
  ctx.setOutput(emit('Mul', [sampled, mask]), 'channels-first', [1, height, width, channels]);
}

/** TransformLandmarks: points [1, n, 2] through a matrix [1, 4, 4]. */
export function lowerTransformLandmarks(ctx: Lowering): void {
  const points = ctx.activation(0);
  if (points.shape.length !== 3 || points.shape[2] !== 2) {
    throw ctx.unsupported(`its points have the shape [${points.shape.join(', ')}]`);
  }
  const rows = ctx.emit('Transpose', [affineRows(ctx, matrixInput(ctx))], { perm: [0, 2, 1] });
  const part = (from: number, to: number) =>
    ctx.emit('Slice', [rows, ctx.graph.ints([from]), ctx.graph.ints([to]), ctx.graph.ints([1])]);
  const turned = ctx.emit('MatMul', [ctx.plain(points), part(0, 2)]);
  ctx.setOutput(ctx.emit('Add', [turned, part(2, 3)]), 'plain', points.shape);
}

function matrixInput(ctx: Lowering): string {
  const matrix = ctx.activation(1);
  if (matrix.shape.join() !== '1,4,4') {
    throw ctx.invalid(`its matrix has the shape [${matrix.shape.join(', ')}]`);
  }
  return ctx.plain(matrix);
}

/** Of a matrix [1, 4, 4] what concerns x and y: [1, 2, 3]. */
function affineRows(ctx: Lowering, matrix: string): string {
  const { graph } = ctx;
  const rows = ctx.emit('Gather', [matrix, graph.ints([0, 1])], { axis: 1 });
  return ctx.emit('Gather', [rows, graph.ints([0, 1, 3])], { axis: 2 });
}

function numberOption(
  ctx: Lowering,
  options: ReadonlyMap<string, FlexValue>,
  name: string,
): number {
  const value = options.get(name);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw ctx.unsupported(`it has no number "${name}" among its options`);
}

function wholeOption(ctx: Lowering, options: ReadonlyMap<string, FlexValue>, name: string): number {
  const value = numberOption(ctx, options, name);
  if (Number.isSafeInteger(value)) return value;
  throw ctx.invalid(`its option "${name}" is ${value}`);
}
