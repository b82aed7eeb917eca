import { assemble, type ValueType } from './assemble.ts';

/** Positions lie on a grid of 1/32 px, OpenCV's INTER_BITS; four weights make 1024. */
export const GRID_BITS = 5;

const PARAMS = [
  '$patch', // Pixels, RGB bytes; two bytes more at the end, and a pixel right of and below the bounds.
  '$stride', // Bytes from row to row of it.
  '$columns', // Along each column of the result: x and y on the grid, f64 by turns.
  '$rows', // Where each row begins: x and y on the grid, f64 by turns.
  '$values', // What each byte becomes, f32.
  '$out', // Three f32 for each pixel.
  '$bounds', // Least and greatest x, y on the grid, i32, each with two that count for nothing.
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
  bounds: number,
  columnsEnd: number,
  rowsEnd: number,
];

const LOCALS: Readonly<Record<string, ValueType>> = {
  $column: 'i32',
  $at: 'i32',
  $weights: 'i32',
  $fy: 'i32',
  $least: 'v128',
  $greatest: 'v128',
  $row: 'v128',
  $position: 'v128',
  $places: 'v128',
};

/** From the six bytes of two neighbours: red, red, green, green, blue, blue as 16 bits each. */
const PAIRS = '0 255 3 255 1 255 4 255 2 255 5 255 255 255 255 255';

/** Weighted sums of two neighbours at $at, each channel an i32; the weight of the left one is $weights' lower half. */
const WEIGHTED = (weightOfRow: string): string => `
      local.get $at
      v128.load64_zero
      v128.const ${PAIRS}
      i8x16.swizzle
      local.get $weights
      ${weightOfRow}
      i32.mul
      i32x4.splat
      i32x4.dot_i16x8_s`;

const STORED = (lane: number): string => `
      local.get $out
      local.get $places
      i32x4.extract_lane ${lane}
      f32.load
      f32.store ${lane * 4}`;

const BODY = `
  local.get $bounds
  v128.load
  local.set $least
  local.get $bounds
  v128.load 16
  local.set $greatest
  loop ;; rows
    local.get $rows
    v128.load
    local.set $row
    local.get $columns
    local.set $column
    loop ;; columns
      ;; The position on the grid: x, y.
      local.get $row
      local.get $column
      v128.load
      f64x2.add
      f64.const 0.5
      f64x2.splat
      f64x2.add
      f64x2.floor
      i32x4.trunc_sat_f64x2_s_zero
      local.get $least
      i32x4.max_s
      local.get $greatest
      i32x4.min_s
      local.tee $position
      ;; Weights in a row, of the right pixel in the upper half: 32 - fx + (fx << 16).
      i32x4.extract_lane 0
      i32.const 31
      i32.and
      i32.const 65535
      i32.mul
      i32.const 32
      i32.add
      local.set $weights
      local.get $position
      i32x4.extract_lane 1
      i32.const 31
      i32.and
      local.set $fy
      ;; The pixel at the top left.
      local.get $position
      i32.const 5
      i32x4.shr_s
      local.tee $position
      i32x4.extract_lane 1
      local.get $stride
      i32.mul
      local.get $position
      i32x4.extract_lane 0
      i32.const 3
      i32.mul
      i32.add
      local.get $patch
      i32.add
      local.set $at
      ${WEIGHTED('i32.const 32\nlocal.get $fy\ni32.sub')}
      local.get $at
      local.get $stride
      i32.add
      local.set $at
      ${WEIGHTED('local.get $fy')}
      i32x4.add
      ;; Rounded to bytes, and the places of their values: (sum + 512) >> 10 << 2.
      i32.const 512
      i32x4.splat
      i32x4.add
      i32.const 8
      i32x4.shr_u
      i32.const -4
      i32x4.splat
      v128.and
      local.get $values
      i32x4.splat
      i32x4.add
      local.set $places
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
