// The weights of the three colours that the model's makers use (ITU-R BT.601).
const RED = 0.2989;
const GREEN = 0.587;
const BLUE = 0.114;

/**
 * Writes a square RGB picture as grey.
 *
 * @param rgb - size x size x 3.
 * @param into - size x size.
 * @param isMirrored - Whether left and right change places.
 */
export function writeGrey(
  rgb: Float32Array,
  into: Float32Array,
  size: number,
  isMirrored: boolean,
): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (y * size + (isMirrored ? size - 1 - x : x)) * 3;
      into[y * size + x] = RED * rgb[from]! + GREEN * rgb[from + 1]! + BLUE * rgb[from + 2]!;
    }
  }
}
