import type { RgbImage } from '../frame/image.ts';

/** The code is a grid of black (0) and white (1) cells at the top of the picture, 1/8 x 1/8 each. */
export const CODE_COLUMNS = 8;
/** Rows of cells; see {@link CODE_COLUMNS}. */
export const CODE_ROWS = 3;
const INDEX_BITS = 19;

/** The largest index that fits into a picture. */
export const MAX_FRAME_INDEX = 2 ** INDEX_BITS - 1;

/** Five check bits; neither an all black nor an all white grid passes. */
function checkBits(index: number): number {
  let bits = 0b01101;
  for (let rest = index; rest > 0; rest >>>= 5) bits = (bits ^ (rest & 31)) & 31;
  return bits;
}

/** The cells of an index, row by row from the top left; true is white. */
export function encodeFrameIndex(index: number): readonly boolean[] {
  const value = index + checkBits(index) * 2 ** INDEX_BITS;
  return Array.from(
    { length: CODE_COLUMNS * CODE_ROWS },
    (_, bit) => Math.floor(value / 2 ** bit) % 2 === 1,
  );
}

/** Mean of R, G and B over the middle half of a cell. */
function cellBrightness(image: RgbImage, column: number, row: number): number {
  const { width, height, strideBytes, data } = image;
  const x1 = Math.floor(((column + 0.25) * width) / 8);
  const x2 = Math.max(x1 + 1, Math.ceil(((column + 0.75) * width) / 8));
  const y1 = Math.floor(((row + 0.25) * height) / 8);
  const y2 = Math.max(y1 + 1, Math.ceil(((row + 0.75) * height) / 8));
  let sum = 0;
  for (let y = y1; y < y2; y++) {
    const from = y * strideBytes + x1 * 3;
    const to = y * strideBytes + x2 * 3;
    for (let i = from; i < to; i++) sum += data[i]!;
  }
  return sum / ((x2 - x1) * (y2 - y1) * 3);
}

/**
 * Reads back which picture of a `makeVideo` file this is. Survives lossy compression and scaling
 * down to 16x16; the picture must be upright and uncut.
 *
 * @returns The index in presentation order, from 0.
 * @throws Error when the picture carries no readable code (another video, turned, damaged).
 */
export function readFrameIndex(image: RgbImage): number {
  let value = 0;
  const levels: number[] = [];
  for (let bit = 0; bit < CODE_COLUMNS * CODE_ROWS; bit++) {
    const level = cellBrightness(image, bit % CODE_COLUMNS, Math.floor(bit / CODE_COLUMNS));
    levels.push(level);
    if (level >= 128) value += 2 ** bit;
  }
  const index = value % 2 ** INDEX_BITS;
  if (Math.floor(value / 2 ** INDEX_BITS) !== checkBits(index)) {
    throw new Error(
      `The ${image.width}x${image.height} picture carries no frame code: cell brightness ${levels.map(Math.round).join(' ')}.`,
    );
  }
  return index;
}
