import { assemble, type ValueType } from './assemble.ts';

/** Positions lie on a grid of 1/32 px, OpenCV's INTER_BITS; four weights make 1024. */
export const GRID_BITS = 5;

const PARAMS = [
  '$patch', // Pixels, RGB bytes; a pixel more at each end than is read, and 8 bytes at the end.
  '$stride', // Bytes from row to row of it.
  '$columns', // Along each column of the result: x and y on the grid, f64 by turns.
  '$rows', // Where each row begins: x and y on the grid, f64 by turns.
  '$values', // What each byte becomes, f32.
  '$out', // Three f32 for each pixel.
  '$columnsEnd',
  '$rowsEnd',
] as const;

/** What a kernel is called with: addresses in its memory. */
export type WarpArguments = readonly [
  patch: number,
  stride: number,
  columns: number,
  rows: number,
  values: number,
  out: number,
  columnsEnd: number,
  rowsEnd: number,
];

const LOCALS: Readonly<Record<string, ValueType>> = {
  $column: 'i32',
  $x: 'i32',
  $y: 'i32',
  $fx: 'i32',
  $fy: 'i32',
  $at: 'i32',
  $topRight: 'i32',
  $bottomLeft: 'i32',
  $bottomRight: 'i32',
  $rowX: 'f64',
  $rowY: 'f64',
  $sums: 'v128',
};

/** From the six bytes of two neighbours: red, red, green, green, blue, blue as 16 bits each. */
const PAIRS = '0 255 3 255 1 255 4 255 2 255 5 255 255 255 255 255';

const ROUNDED = (row: string, offset: number): string => `
      local.get ${row}
      local.get $column
      f64.load ${offset}
      f64.add
      f64.const 0.5
      f64.add
      f64.floor
      i32.trunc_f64_s`;

/** Weighted sums of two neighbours at $at, each channel an i32, with the weights of both in 16 bits. */
const WEIGHTED = (left: string, right: string): string => `
      local.get $at
      v128.load64_zero
      v128.const ${PAIRS}
      i8x16.swizzle
      ${left}
      ${right}
      i32.const 16
      i32.shl
      i32.or
      i32x4.splat
      i32x4.dot_i16x8_s`;

const STORED = (lane: number): string => `
      local.get $out
      local.get $sums
      i32x4.extract_lane ${lane}
      i32.const 2
      i32.shl
      local.get $values
      i32.add
      f32.load
      f32.store ${lane * 4}`;

const BODY = `
  loop ;; rows
    local.get $rows
    f64.load
    local.set $rowX
    local.get $rows
    f64.load 8
    local.set $rowY
    local.get $columns
    local.set $column
    loop ;; columns
      ;; The position on the grid, and its fractions of a pixel.
      ${ROUNDED('$rowX', 0)}
      local.tee $x
      i32.const 31
      i32.and
      local.set $fx
      ${ROUNDED('$rowY', 8)}
      local.tee $y
      i32.const 31
      i32.and
      local.set $fy
      ;; Weights: of the bottom right fx * fy, and so on.
      local.get $fx
      local.get $fy
      i32.mul
      local.tee $bottomRight
      local.get $fy
      i32.const 5
      i32.shl
      local.get $bottomRight
      i32.sub
      local.set $bottomLeft
      local.get $fx
      i32.const 5
      i32.shl
      i32.sub
      i32.const -1
      i32.mul
      local.set $topRight
      ;; The pixel at the top left.
      local.get $y
      i32.const 5
      i32.shr_s
      local.get $stride
      i32.mul
      local.get $x
      i32.const 5
      i32.shr_s
      i32.const 3
      i32.mul
      i32.add
      local.get $patch
      i32.add
      local.set $at
      ;; Sums, rounded to bytes.
      ${WEIGHTED('i32.const 1024\nlocal.get $topRight\ni32.sub\nlocal.get $bottomLeft\ni32.sub\nlocal.get $bottomRight\ni32.sub', 'local.get $topRight')}
      local.get $at
      local.get $stride
      i32.add
      local.set $at
      ${WEIGHTED('local.get $bottomLeft', 'local.get $bottomRight')}
      i32x4.add
      i32.const 512
      i32x4.splat
      i32x4.add
      i32.const 10
      i32x4.shr_u
      local.set $sums
      ${[0, 1, 2].map(STORED).join('')}
      local.get $out
      i32.const 12
      i32.add
      local.set $out
      local.get $column
      i32.const 16
      i32.add
      local.tee $column
      local.get $columnsEnd
      i32.lt_s
      br_if 0
    end
    local.get $rows
    i32.const 16
    i32.add
    local.tee $rows
    local.get $rowsEnd
    i32.lt_s
    br_if 0
  end
`;

/** The module of the kernel, as bytes. */
export const warpModule = (): Uint8Array<ArrayBuffer> =>
  assemble({ params: PARAMS, locals: LOCALS, body: BODY });
