import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { densify, type Sparsity } from '../../src/convert/sparse.ts';

/** Stores a matrix as rows of blocks, of which only those with something in them are kept. */
function compress(
  dense: Float32Array,
  [rows, columns]: readonly [number, number],
  [blockRows, blockColumns]: readonly [number, number],
): { values: Float32Array; sparsity: Sparsity } {
  const values: number[] = [];
  const segments = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row += blockRows) {
    for (let column = 0; column < columns; column += blockColumns) {
      const block = Array.from(
        { length: blockRows * blockColumns },
        (_, i) =>
          dense[(row + Math.floor(i / blockColumns)) * columns + column + (i % blockColumns)]!,
      );
      if (block.every((value) => value === 0)) continue;
      indices.push(column / blockColumns);
      values.push(...block);
    }
    segments.push(indices.length);
  }
  const dense_ = (size: number) => ({ isCompressed: false, size, segments: [], indices: [] });
  return {
    values: Float32Array.from(values),
    sparsity: {
      traversal: [0, 1, 2, 3],
      blockMap: [0, 1],
      levels: [
        dense_(rows / blockRows),
        { isCompressed: true, size: 0, segments, indices },
        dense_(blockRows),
        dense_(blockColumns),
      ],
    },
  };
}

const size = fc.integer({ min: 1, max: 4 });
const matrix = fc.tuple(size, size, size, size).chain(([br, bc, nr, nc]) =>
  fc.record({
    block: fc.constant([br, bc] as const),
    shape: fc.constant([br * nr, bc * nc] as const),
    data: fc.array(fc.constantFrom(0, 0, 0, 1, 2, -3.5), {
      minLength: br * bc * nr * nc,
      maxLength: br * bc * nr * nc,
    }),
  }),
);

describe('densify', () => {
  it('gives back what was stored in blocks', () => {
    fc.assert(
      fc.property(matrix, ({ block, shape, data }) => {
        const dense = Float32Array.from(data);
        const { values, sparsity } = compress(dense, shape, block);
        expect(densify(values, shape, sparsity)).toEqual(dense);
      }),
    );
  });

  const whole: Sparsity = {
    traversal: [0, 1],
    blockMap: [],
    levels: [
      { isCompressed: false, size: 2, segments: [], indices: [] },
      { isCompressed: true, size: 0, segments: [0, 1, 2], indices: [1, 0] },
    ],
  };
  const level = (changes: Partial<Sparsity['levels'][number]>): Sparsity => ({
    ...whole,
    levels: [whole.levels[0]!, { ...whole.levels[1]!, ...changes }],
  });

  it.each([
    ['a position outside the tensor', level({ indices: [1, 3] })],
    ['segments that go back', level({ segments: [0, 2, 1] })],
    ['segments beyond the entries', level({ segments: [0, 1, 9] })],
    ['too few segments', level({ segments: [0, 1] })],
    ['a level that walks no dimension', { ...whole, traversal: [0, 2] }],
    ['a dimension walked twice', { ...whole, traversal: [0, 0] }],
    ['a block of a dimension that is not there', { ...whole, blockMap: [5] }],
    ['values left over', level({ segments: [0, 1, 1], indices: [1] })],
  ])('refuses %s', (_, sparsity) => {
    expect(() => densify(Float32Array.of(5, 6), [2, 2], sparsity)).toThrow(
      expect.objectContaining({ code: 'VPX_MODEL_INVALID' }),
    );
  });

  it('puts each value in its place', () => {
    expect(densify(Float32Array.of(5, 6), [2, 2], whole)).toEqual(Float32Array.of(0, 5, 6, 0));
  });
});
