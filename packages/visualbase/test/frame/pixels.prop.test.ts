import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/frame/image.ts';
import { cropImage, resizeImage, toGray } from '../../src/frame/pixels.ts';

const image = (
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
  strideBytes = width * 3,
): RgbImage => {
  const data = new Uint8Array(strideBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(pixel(x, y), y * strideBytes + x * 3);
  }
  return { format: 'rgb24', width, height, strideBytes, data };
};

const side = fc.integer({ min: 1, max: 70 });
const level = fc.integer({ min: 0, max: 255 });

describe('resizeImage', () => {
  it('leaves a picture of one colour that colour, at any size', () => {
    fc.assert(
      fc.property(side, side, side, side, level, level, (w, h, toW, toH, a, b) => {
        const { data, width, height } = resizeImage(
          image(w, h, () => [a, b, 255]),
          toW,
          toH,
        );
        expect([width, height, data.length]).toEqual([toW, toH, toW * toH * 3]);
        expect(data.every((value, i) => value === [a, b, 255][i % 3])).toBe(true);
      }),
    );
  });

  it('keeps a slope where it is when shrinking and enlarging', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 200 }),
        fc.integer({ min: 10, max: 250 }),
        (from, to) => {
          const slope = image(from, 3, (x) => {
            const value = Math.round((x * 250) / (from - 1));
            return [value, value, value];
          });
          const { data } = resizeImage(slope, to, 3);
          const margin = Math.ceil(to / 8);
          for (let x = margin; x < to - margin; x++) {
            const expected = ((((x + 0.5) * from) / to - 0.5) * 250) / (from - 1);
            expect(Math.abs(data[x * 3]! - expected)).toBeLessThan(2.5 + 125 / to);
          }
        },
      ),
    );
  });

  it('averages instead of picking when it shrinks', () => {
    const checkers = image(64, 64, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    for (const value of resizeImage(checkers, 10, 10).data) {
      expect(Math.abs(value - 127.5)).toBeLessThan(16);
    }
  });

  it('refuses sizes that are no sizes', () => {
    expect(() =>
      resizeImage(
        image(2, 2, () => [0, 0, 0]),
        0,
        1,
      ),
    ).toThrow(/got 0x1/);
  });
});

describe('cropImage', () => {
  it('gives the pixels of the box, whatever the stride, cut at the borders', () => {
    const source = image(9, 7, (x, y) => [x, y, 0], 9 * 3 + 5);
    const cut = cropImage(source, { space: 'px', x1: -3, y1: 1.5, x2: 4.2, y2: 99 });
    expect([cut.width, cut.height]).toEqual([5, 6]);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 5; x++) {
        expect([...cut.data.subarray((y * 5 + x) * 3, (y * 5 + x) * 3 + 2)]).toEqual([x, y + 1]);
      }
    }
    const outside = { space: 'px', x1: 20, y1: 0, x2: 30, y2: 5 } as const;
    expect(() => cropImage(source, outside)).toThrow(/no pixel inside the 9x7 picture/);
  });
});

describe('toGray', () => {
  it('weighs the colours as BT.601 does and keeps white white', () => {
    const gray = toGray(
      image(
        4,
        1,
        (x) =>
          [
            [255, 0, 0],
            [0, 255, 0],
            [0, 0, 255],
            [255, 255, 255],
          ][x] as [number, number, number],
      ),
    );
    expect([...gray.data]).toEqual([76, 150, 29, 255]);
  });
});
