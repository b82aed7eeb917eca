import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/frame/image.ts';
import { resizeImage } from '../../src/frame/pixels.ts';
import { encodeFrameIndex, MAX_FRAME_INDEX, readFrameIndex } from '../../src/testing/frame-code.ts';

const flat = (width: number, height: number, level: number): RgbImage => ({
  format: 'rgb24',
  width,
  height,
  strideBytes: width * 3,
  data: new Uint8Array(width * height * 3).fill(level),
});

function paint(index: number, width: number, height: number): RgbImage {
  const image = flat(width, height, 100);
  const cells = encodeFrameIndex(index);
  for (let y = 0; y < Math.floor((height * 3) / 8); y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * 8) / height) * 8 + Math.floor((x * 8) / width);
      image.data.fill(cells[cell]! ? 220 : 30, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return image;
}

describe('readFrameIndex', () => {
  it('reads back every index that fits, also from a picture scaled to a quarter', () => {
    const size = fc.integer({ min: 64, max: 200 });
    const index = fc.integer({ min: 0, max: MAX_FRAME_INDEX });
    fc.assert(
      fc.property(index, size, size, (wanted, width, height) => {
        const image = paint(wanted, width, height);
        expect(readFrameIndex(image)).toBe(wanted);
        const small = resizeImage(image, Math.floor(width / 4), Math.floor(height / 4));
        expect(readFrameIndex(small)).toBe(wanted);
      }),
    );
  });

  it.each([0, 128, 255])('refuses a plain picture of level %i', (level) => {
    expect(() => readFrameIndex(flat(64, 64, level))).toThrow(/carries no frame code/);
  });
});
