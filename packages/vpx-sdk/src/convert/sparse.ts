import { invalidModel } from '../errors/model-errors.ts';
import type { FlatTable } from './flatbuffer.ts';

const MAX_LEVELS = 16;

/** One level of the tree in which a sparse tensor is stored. */
interface SparseLevel {
  /** True if only some positions are stored; false if all are. */
  readonly isCompressed: boolean;
  /** How many positions the level has; of a compressed level 0. */
  readonly size: number;
  /** Compressed only: the children of parent `p` are entries `segments[p]` to `segments[p + 1]`. */
  readonly segments: readonly number[];
  /** Compressed only: the position of each entry. */
  readonly indices: readonly number[];
}

/** How the values of a block-sparse tensor lie. */
export interface Sparsity {
  /** For each level the dimension it walks: a dimension of the tensor, or `rank + i` for block `i`. */
  readonly traversal: readonly number[];
  /** For each block the dimension of the tensor it subdivides. */
  readonly blockMap: readonly number[];
  readonly levels: readonly SparseLevel[];
}

/**
 * Reads a SparsityParameters table.
 *
 * @param elementCount - Elements of the dense tensor: no list of a sound index is longer.
 */
export function readSparsity(table: FlatTable, elementCount: number): Sparsity {
  return {
    traversal: table.int32s(0, MAX_LEVELS),
    blockMap: table.int32s(1, MAX_LEVELS),
    levels: table.tables(2, MAX_LEVELS).map((level) => ({
      isCompressed: level.int8(0) === 1,
      size: level.int32(1),
      segments: readNumbers(level, 2, 3, elementCount + 1),
      indices: readNumbers(level, 4, 5, elementCount),
    })),
  };
}

// The lists are unions of int32, uint16 and uint8 vectors, numbered 1 to 3.
function readNumbers(
  level: FlatTable,
  kindField: number,
  tableField: number,
  maxCount: number,
): readonly number[] {
  const list = level.table(tableField);
  if (list === undefined) return [];
  switch (level.uint8(kindField)) {
    case 1:
      return list.int32s(0, maxCount);
    case 2:
      return list.uint16s(0, maxCount);
    case 3:
      return Array.from(list.bytes(0, maxCount));
    default:
      throw invalidModel('A sparse tensor has an index list of an unknown kind.');
  }
}

/**
 * Expands a block-sparse tensor: what TFLite's DENSIFY does.
 *
 * @param values - The stored values, in storage order; all of them must be used.
 * @param shape - Shape of the dense tensor.
 * @throws `VPX_MODEL_INVALID` if the sparsity does not fit the shape or the values.
 */
export function densify(
  values: Float32Array,
  shape: readonly number[],
  sparsity: Sparsity,
): Float32Array {
  const { traversal, levels } = sparsity;
  const sizes = dimensionSizes(shape, sparsity);
  const steps = dimensionSteps(shape, sparsity, sizes);
  const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
  let used = 0;

  const walk = (depth: number, parent: number, offset: number): void => {
    const level = levels[depth];
    if (level === undefined) {
      if (parent >= values.length) throw misfit(shape, `value ${parent} of ${values.length}`);
      out[offset] = values[parent]!;
      used += 1;
      return;
    }
    const dimension = traversal[depth]!;
    const step = steps[dimension]!;
    if (!level.isCompressed) {
      for (let i = 0; i < level.size; i++)
        walk(depth + 1, parent * level.size + i, offset + i * step);
      return;
    }
    const from = level.segments[parent];
    const to = level.segments[parent + 1];
    if (from === undefined || to === undefined || from < 0 || to > level.indices.length) {
      throw misfit(shape, `segment ${parent} from ${from} to ${to}`);
    }
    for (let i = from; i < to; i++) {
      const index = level.indices[i]!;
      if (index < 0 || index >= sizes[dimension]!) throw misfit(shape, `index ${index}`);
      walk(depth + 1, i, offset + index * step);
    }
  };
  walk(0, 0, 0);
  if (used !== values.length) throw misfit(shape, `${used} of ${values.length} values used`);
  return out;
}

const misfit = (shape: readonly number[], what: string) =>
  invalidModel(
    `The index of a sparse tensor of shape [${shape.join(', ')}] does not fit it: ${what}. The file is damaged.`,
  );

/** Sizes of all dimensions that levels walk: those of the tensor in blocks, then those of a block. */
function dimensionSizes(shape: readonly number[], sparsity: Sparsity): number[] {
  const { traversal, blockMap, levels } = sparsity;
  const rank = shape.length;
  const count = rank + blockMap.length;
  const isPermutation =
    new Set(traversal).size === count && traversal.every((d) => d >= 0 && d < count);
  if (levels.length !== count || traversal.length !== count || !isPermutation) {
    throw misfit(shape, `${levels.length} levels over dimensions [${traversal.join(', ')}]`);
  }
  const sizes = [...shape];
  blockMap.forEach((dimension, block) => {
    const blockSize = levels[traversal.indexOf(rank + block)]!.size;
    const whole = sizes[dimension];
    const isRepeated = blockMap.indexOf(dimension) !== block;
    if (
      whole === undefined ||
      dimension >= rank ||
      isRepeated ||
      !(blockSize >= 1) ||
      whole % blockSize !== 0
    ) {
      throw misfit(shape, `blocks of ${blockSize} along dimension ${dimension}`);
    }
    sizes[dimension] = whole / blockSize;
    sizes.push(blockSize);
  });
  levels.forEach((level, depth) => {
    if (!level.isCompressed && level.size !== sizes[traversal[depth]!]) {
      throw misfit(shape, `level ${depth} has size ${level.size}`);
    }
    // Segments that go back would have entries visited again and again.
    if (level.segments.some((start, i) => i > 0 && start < level.segments[i - 1]!)) {
      throw misfit(shape, `the segments of level ${depth} go back`);
    }
  });
  return sizes;
}

/** How far apart in the dense tensor neighbours along each of those dimensions lie, in elements. */
function dimensionSteps(
  shape: readonly number[],
  { blockMap }: Sparsity,
  sizes: readonly number[],
): number[] {
  const rank = shape.length;
  const steps = shape.map((_, d) =>
    shape.slice(d + 1).reduce((product, size) => product * size, 1),
  );
  blockMap.forEach((dimension, block) => {
    const inner = steps[dimension]!;
    steps[dimension] = inner * sizes[rank + block]!;
    steps.push(inner);
  });
  return steps;
}
