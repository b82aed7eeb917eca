import fc from 'fast-check';
import type { RgbImage } from 'visualbase';
import { describe, expect, it } from 'vitest';
import type { RotatedRoi } from '../../src/image/rotated-roi.ts';
import { roiToPixels, warpTensor } from '../../src/image/warp.ts';
import { paint, rgbImage } from '../support/pictures.ts';
import { randomNumbers } from '../support/random.ts';

function noise(width: number, height: number, seed: number): RgbImage {
  const next = randomNumbers(seed);
  return rgbImage(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, () => next() * 256),
  );
}

/** Bilinear sampling by its definition, one channel value at a time. */
function sampleSlowly(
  image: RgbImage,
  x: number,
  y: number,
  channel: number,
  outside: 'edge' | 'black',
): number {
  const pixel = (px: number, py: number): number => {
    const cx = Math.min(Math.max(px, 0), image.width - 1);
    const cy = Math.min(Math.max(py, 0), image.height - 1);
    if (outside === 'black' && (cx !== px || cy !== py)) return 0;
    return image.data[cy * image.strideBytes + cx * 3 + channel]!;
  };
  const x0 = Math.floor(x - 0.5);
  const y0 = Math.floor(y - 0.5);
  const fx = x - 0.5 - x0;
  const fy = y - 0.5 - y0;
  return (
    (1 - fy) * ((1 - fx) * pixel(x0, y0) + fx * pixel(x0 + 1, y0)) +
    fy * ((1 - fx) * pixel(x0, y0 + 1) + fx * pixel(x0 + 1, y0 + 1))
  );
}

const roi = fc.record({
  cx: fc.double({ min: -10, max: 40, noNaN: true }),
  cy: fc.double({ min: -10, max: 40, noNaN: true }),
  width: fc.double({ min: 0.5, max: 24, noNaN: true }),
  height: fc.double({ min: 0.5, max: 24, noNaN: true }),
  rotationRad: fc.oneof(
    fc.double({ min: -7, max: 7, noNaN: true }),
    fc.constantFrom(0, Math.PI / 2, Math.PI, -Math.PI / 2),
  ),
});

describe('warpTensor', () => {
  it('samples bilinearly, on a grid of 1/32 px, in bytes, wherever centres or corners are aligned', () => {
    const near = (value: number): number => Math.round(value * 32) / 32;
    fc.assert(
      fc.property(
        roi,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('edge', 'black'),
        fc.constantFrom('centre', 'corner'),
        fc.integer(),
        (region, width, height, outside, align, seed) => {
          const image = noise(width, height, seed);
          const size = 12;
          const options = { size, range: [0, 255], outside, align, maxStepPx: 4 } as const;
          const data = warpTensor(image, region, options);
          for (let i = 0; i < data.length; i++) {
            const column = Math.floor(i / 3) % size;
            const row = Math.floor(i / 3 / size);
            const shift = align === 'centre' ? 0.5 : 0;
            const at = roiToPixels(region, size, column + shift, row + shift);
            const [x, y] = [at.x - shift, at.y - shift];
            // Positions halfway between two of the grid may be rounded either way.
            if ([x, y].some((at) => Math.abs(Math.abs((at * 32) % 1) - 0.5) < 1e-6)) continue;
            const sampled = sampleSlowly(image, near(x) + 0.5, near(y) + 0.5, i % 3, outside);
            expect(Math.abs(data[i]! - sampled)).toBeLessThan(0.501);
            expect(data[i]! % 1).toBe(0);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is the picture itself where region and picture coincide', () => {
    const image = noise(8, 8, 1);
    const whole: RotatedRoi = { cx: 4, cy: 4, width: 8, height: 8, rotationRad: 0 };
    const data = warpTensor(image, whole, { size: 8, range: [0, 255] });
    data.forEach((value, i) => expect(value).toBeCloseTo(image.data[i]!, 3));
  });

  it('maps bytes to the range', () => {
    const white = paint(4, 4, () => [255, 0, 51]);
    const region: RotatedRoi = { cx: 2, cy: 2, width: 2, height: 2, rotationRad: 0.3 };
    const data = warpTensor(white, region, { size: 1, range: [-1, 1] });
    [1, -1, -0.6].forEach((value, i) => expect(data[i]).toBeCloseTo(value, 5));
  });

  it('does not alias where it shrinks: a fine pattern becomes its mean', () => {
    const stripes = paint(400, 400, (x) => (x % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    for (const rotationRad of [0, 0.4, 1.2]) {
      for (const side of [90, 160, 280]) {
        const region = { cx: 201.3, cy: 199.6, width: side, height: side, rotationRad };
        const data = warpTensor(stripes, region, { size: 32, range: [0, 1] });
        // Blocks of three columns have one stripe more of one kind: a sixth off the mean.
        for (const value of data) expect(Math.abs(value - 0.5)).toBeLessThan(0.18);
      }
    }
  });

  it('puts the reduced picture where the full one was', () => {
    // A ramp is linear, so means of blocks lie exactly on it.
    const ramp = paint(512, 512, (x, y) => [x / 2, y / 2, (x + y) / 4]);
    const region = { cx: 260, cy: 250, width: 300, height: 300, rotationRad: 0.5 };
    const size = 24;
    const data = warpTensor(ramp, region, { size, range: [0, 255] });
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const { x, y } = roiToPixels(region, size, column + 0.5, row + 0.5);
        const o = (row * size + column) * 3;
        expect(Math.abs(data[o]! - x / 2)).toBeLessThan(1);
        expect(Math.abs(data[o + 1]! - y / 2)).toBeLessThan(1);
      }
    }
  });

  it.each([900, 1e15, -1e300])('samples regions that lie wholly outside, at %d', (at) => {
    const image = paint(10, 10, () => [255, 255, 255]);
    for (const side of [3, 200, 1e14]) {
      const region = { cx: at, cy: 4, width: side, height: side, rotationRad: 0.1 };
      if (Math.abs(at) < side * 2) continue;
      expect(warpTensor(image, region, { size: 4, range: [0, 1] })[0]).toBe(1);
      expect(warpTensor(image, region, { size: 4, range: [0, 1], outside: 'black' })[0]).toBe(0);
    }
  });

  it('writes into the memory it is given', () => {
    const into = new Float32Array(12).fill(9);
    const image = noise(8, 8, 2);
    const region = { cx: 4, cy: 4, width: 4, height: 4, rotationRad: 0 };
    expect(warpTensor(image, region, { size: 2, range: [0, 1], into })).toBe(into);
    expect(into).toEqual(warpTensor(image, region, { size: 2, range: [0, 1] }));
  });

  it.each([0.9, -Infinity, NaN])('refuses a step of %d', (maxStepPx) => {
    const region = { cx: 4, cy: 4, width: 4, height: 4, rotationRad: 0 };
    const options = { size: 2, range: [0, 1], maxStepPx } as const;
    expect(() => warpTensor(noise(8, 8, 3), region, options)).toThrow(/maxStepPx.*from 1/);
  });

  it.each([{ width: 0 }, { height: -1 }, { cx: NaN }, { rotationRad: Infinity }])(
    'refuses a region with %o',
    (wrong) => {
      const region = { cx: 4, cy: 4, width: 4, height: 4, rotationRad: 0, ...wrong };
      expect(() => warpTensor(noise(8, 8, 3), region, { size: 2, range: [0, 1] })).toThrow(
        RangeError,
      );
    },
  );
});

describe('roiToPixels', () => {
  it('turns clockwise as seen, about the centre', () => {
    const region = { cx: 100, cy: 50, width: 20, height: 10, rotationRad: Math.PI / 2 };
    const centre = roiToPixels(region, 192, 96, 96);
    expect([centre.x, centre.y]).toEqual([100, 50]);
    const right = roiToPixels(region, 192, 192, 96);
    expect(right.x).toBeCloseTo(100, 9);
    expect(right.y).toBeCloseTo(60, 9);
  });
});
