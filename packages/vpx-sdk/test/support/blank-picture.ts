import type { RgbImage } from 'visualbase';

/** A picture of one grey, rows without padding. */
export function blankPicture(width: number, height: number, level = 128): RgbImage {
  const strideBytes = width * 3;
  const data = new Uint8Array(strideBytes * height).fill(level);
  return { format: 'rgb24', width, height, strideBytes, data };
}

/** The places of the pixels that differ between two pictures of one size. */
export function changedPixels(before: RgbImage, after: RgbImage): { x: number; y: number }[] {
  const changed: { x: number; y: number }[] = [];
  for (let y = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++) {
      const [a, b] = [before, after].map(({ strideBytes }) => y * strideBytes + x * 3);
      const isSame = [0, 1, 2].every((c) => before.data[a! + c] === after.data[b! + c]);
      if (!isSame) changed.push({ x, y });
    }
  }
  return changed;
}

/** A picture of black and white as rows of characters: `#` white, `+` grey, `.` black. */
export function asText({ width, height, strideBytes, data }: RgbImage): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => {
      const level = data[y * strideBytes + x * 3]!;
      return level > 170 ? '#' : level > 60 ? '+' : '.';
    })
      .join('')
      .replace(/\.+$/, ''),
  );
}
