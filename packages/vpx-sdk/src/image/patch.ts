import type { RgbImage } from 'visualbase';

/** Part of the plane in which a picture lies; its corners may lie outside of the picture. Whole px. */
export interface PlaneRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Copies a part of a picture, RGB without padding; what lies outside is the nearest pixel of the border,
 * or black.
 *
 * @param into - `width * height * 3` bytes.
 */
export function copyPatch(
  image: RgbImage,
  { left, top, width, height }: PlaneRect,
  outside: 'edge' | 'black',
  into: Uint8Array,
): void {
  const rowBytes = width * 3;
  // Columns of the patch that lie in the picture.
  const from = clamp(-left, 0, width);
  const to = clamp(image.width - left, from, width);
  for (let y = 0; y < height; y++) {
    const at = y * rowBytes;
    const row = top + y;
    const nearest = clamp(row, 0, image.height - 1);
    if (outside === 'black' && nearest !== row) {
      into.fill(0, at, at + rowBytes);
      continue;
    }
    const start = nearest * image.strideBytes;
    const first = start + (left + from) * 3;
    into.set(image.data.subarray(first, first + (to - from) * 3), at + from * 3);
    if (outside === 'black') {
      into.fill(0, at, at + from * 3);
      into.fill(0, at + to * 3, at + rowBytes);
    } else {
      repeat(image.data, start, into, at, from);
      repeat(image.data, start + (image.width - 1) * 3, into, at + to * 3, width - to);
    }
  }
}

/** @param at - Where the first of `count` pixels goes. */
function repeat(
  data: Uint8Array,
  pixel: number,
  into: Uint8Array,
  at: number,
  count: number,
): void {
  const [red, green, blue] = [data[pixel]!, data[pixel + 1]!, data[pixel + 2]!];
  for (let o = at; o < at + count * 3; o += 3) {
    into[o] = red;
    into[o + 1] = green;
    into[o + 2] = blue;
  }
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most);
