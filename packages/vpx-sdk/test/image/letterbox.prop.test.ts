import fc from 'fast-check';
import { Frame, type PixelBox } from 'visualbase';
import { describe, expect, it } from 'vitest';
import {
  letterboxBox,
  letterboxMapping,
  letterboxPoint,
  letterboxTensor,
  unletterboxBox,
  unletterboxPoint,
} from '../../src/image/letterbox.ts';
import { warpTensor } from '../../src/image/warp.ts';
import { paint } from '../support/pictures.ts';

const side = fc.integer({ min: 1, max: 4000 });
const size = fc.integer({ min: 1, max: 512 });
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('letterbox mapping', () => {
  it('gives a box back within half a pixel', () => {
    fc.assert(
      fc.property(
        side,
        side,
        size,
        fc.tuple(fraction, fraction, fraction, fraction),
        (width, height, to, f) => {
          const mapping = letterboxMapping(width, height, to);
          const box: PixelBox = {
            space: 'px',
            x1: f[0] * width,
            y1: f[1] * height,
            x2: f[2] * width,
            y2: f[3] * height,
          };
          const back = unletterboxBox(mapping, letterboxBox(mapping, box));
          for (const corner of ['x1', 'y1', 'x2', 'y2'] as const) {
            expect(Math.abs(back[corner] - box[corner])).toBeLessThan(0.5);
          }
        },
      ),
    );
  });

  it('gives a box back within half a pixel even if the network works in whole float32 numbers', () => {
    fc.assert(
      fc.property(side, side, size, fraction, fraction, (width, height, to, fx, fy) => {
        const mapping = letterboxMapping(width, height, to);
        const { x, y } = letterboxPoint(mapping, { x: fx * width, y: fy * height });
        const back = unletterboxPoint(mapping, { x: Math.fround(x), y: Math.fround(y) });
        expect(Math.abs(back.x - fx * width)).toBeLessThan(0.5);
        expect(Math.abs(back.y - fy * height)).toBeLessThan(0.5);
      }),
    );
  });

  it('keeps the picture inside the square, touching it along its longer side', () => {
    fc.assert(
      fc.property(side, side, size, (width, height, to) => {
        const mapping = letterboxMapping(width, height, to);
        const { x: left, y: top } = letterboxPoint(mapping, { x: 0, y: 0 });
        const { x: right, y: bottom } = letterboxPoint(mapping, { x: width, y: height });
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(Math.max(right, bottom)).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.max(right - left, bottom - top)).toBeCloseTo(1, 9);
        // Centred to within the pixel that cannot be halved.
        expect(Math.abs(left + right - 1) * to).toBeLessThanOrEqual(1 + 1e-6);
        expect(Math.abs(top + bottom - 1) * to).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('keeps the aspect to within half a pixel of the square', () => {
    fc.assert(
      fc.property(side, side, size, (width, height, to) => {
        const { scaleX, scaleY } = letterboxMapping(width, height, to);
        const scale = to / Math.max(width, height);
        // A side of less than half a pixel becomes one whole pixel.
        expect(Math.abs(scaleX - scale) * width).toBeLessThanOrEqual(
          width * scale < 0.5 ? 1 : 0.5 + 1e-9,
        );
        expect(Math.abs(scaleY - scale) * height).toBeLessThanOrEqual(
          height * scale < 0.5 ? 1 : 0.5 + 1e-9,
        );
      }),
    );
  });
});

describe('letterboxTensor', () => {
  const picture = paint(4, 2, (x, y) => [x * 10, y * 100, 255]);

  it('puts the picture in the middle, black above and below', () => {
    const { data } = letterboxTensor(picture, { size: 4, range: [0, 255] });
    const row = (y: number) => Array.from(data.subarray(y * 12, y * 12 + 12));
    expect(row(0)).toEqual(new Array(12).fill(0));
    expect(row(1)).toEqual([0, 0, 255, 10, 0, 255, 20, 0, 255, 30, 0, 255]);
    expect(row(2)).toEqual([0, 100, 255, 10, 100, 255, 20, 100, 255, 30, 100, 255]);
    expect(row(3)).toEqual(new Array(12).fill(0));
  });

  it('maps bytes to the range, and black to its low end', () => {
    const { data } = letterboxTensor(picture, { size: 4, range: [-1, 1] });
    expect([data[0], data[14]]).toEqual([-1, 1]);
  });

  it('honours a stride that is longer than the rows', () => {
    const strideBytes = 16;
    const padded = new Uint8Array(strideBytes * 2).fill(77);
    for (let y = 0; y < 2; y++)
      padded.set(picture.data.subarray(y * 12, y * 12 + 12), y * strideBytes);
    const wide = { ...picture, strideBytes, data: padded };
    const options = { size: 4, range: [0, 1] } as const;
    expect(letterboxTensor(wide, options).data).toEqual(letterboxTensor(picture, options).data);
  });

  it('writes into the memory it is given, over whatever was there', () => {
    const into = new Float32Array(48).fill(9);
    const { data } = letterboxTensor(picture, { size: 4, range: [0, 255], into });
    expect(data).toBe(into);
    expect(data).toEqual(letterboxTensor(picture, { size: 4, range: [0, 255] }).data);
  });

  it('scales a frame once, for all who ask', () => {
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 4, height: 2, data: picture.data });
    const view = frame.resized(2, 1);
    view.data.fill(50);
    const { data } = letterboxTensor(frame, { size: 2, range: [0, 255] });
    expect(Array.from(data.subarray(0, 6))).toEqual(new Array(6).fill(50));
  });

  it('refuses memory of another size, and sizes below one pixel', () => {
    const into = new Float32Array(47);
    expect(() => letterboxTensor(picture, { size: 4, range: [0, 1], into })).toThrow(
      /48 numbers.*47/,
    );
    expect(() => letterboxTensor(picture, { size: 0, range: [0, 1] })).toThrow(
      /at least 1 pixel, got 0/,
    );
  });
});

describe('bilinear letterbox', () => {
  const small = fc.integer({ min: 2, max: 120 });
  const at = (width: number, height: number, to: number) =>
    letterboxTensor(
      paint(width, height, (x, y) => [x, y, 200]),
      { size: to, range: [0, 255], sampling: 'bilinear' },
    );

  it('shows at each place inside what lies there in the picture, to within the rounding', () => {
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 64 }), (width, height, to) => {
        const { data, mapping } = at(width, height, to);
        for (let row = 0; row < to; row++) {
          for (let column = 0; column < to; column++) {
            const x = (column - mapping.leftPx) / mapping.scaleX;
            const y = (row - mapping.topPx) / mapping.scaleY;
            if (!(x >= 0 && x <= width - 1 && y >= 0 && y <= height - 1)) continue;
            const o = (row * to + column) * 3;
            // Half a grey level, and half of a grid of 1/32 px.
            expect(Math.abs(data[o]! - x)).toBeLessThanOrEqual(0.5 + 1 / 64 + 1e-6);
            expect(Math.abs(data[o + 1]! - y)).toBeLessThanOrEqual(0.5 + 1 / 64 + 1e-6);
            expect(data[o + 2]).toBe(200);
          }
        }
      }),
    );
  });

  it('is, bit for bit, the square region around the picture with corners aligned', () => {
    const upTo = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(upTo, upTo, fc.integer({ min: 12, max: 40 }), (width, height, size) => {
        const picture = paint(width, height, (x, y) => [x * 37, y * 91, (x * y * 7) % 256]);
        const side = Math.max(width, height);
        const square = { cx: width / 2, cy: height / 2, width: side, height: side, rotationRad: 0 };
        const common = { size, range: [-1, 1] } as const;
        expect(letterboxTensor(picture, { ...common, sampling: 'bilinear' }).data).toEqual(
          warpTensor(picture, square, {
            ...common,
            align: 'corner',
            outside: 'black',
            maxStepPx: 8,
          }),
        );
      }),
    );
  });

  it('has the exact aspect, centred, and gives points back', () => {
    fc.assert(
      fc.property(small, small, fraction, fraction, (width, height, fx, fy) => {
        const { mapping } = at(width, height, 16);
        expect(mapping.scaleX).toBe(mapping.scaleY);
        expect(2 * mapping.leftPx + width * mapping.scaleX).toBeCloseTo(16, 9);
        expect(2 * mapping.topPx + height * mapping.scaleY).toBeCloseTo(16, 9);
        const back = unletterboxPoint(mapping, letterboxPoint(mapping, { x: fx, y: fy }));
        expect(back.x).toBeCloseTo(fx, 6);
        expect(back.y).toBeCloseTo(fy, 6);
      }),
    );
  });

  it('fades into black beyond the borders', () => {
    const { data } = at(4, 2, 8);
    const blue = (row: number) => data[row * 8 * 3 + 2];
    // Rows lie half a pixel apart; the picture begins at row 2 and its last pixel lies at row 4.
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(blue)).toEqual([0, 100, 200, 200, 200, 100, 0, 0]);
  });

  it('honours strides', () => {
    const picture = paint(4, 2, (x, y) => [x * 10, y * 100, 255]);
    const padded = new Uint8Array(32).fill(77);
    padded.set(picture.data.subarray(0, 12), 0);
    padded.set(picture.data.subarray(12), 16);
    const options = { size: 5, range: [-1, 1], sampling: 'bilinear' } as const;
    expect(letterboxTensor({ ...picture, strideBytes: 16, data: padded }, options).data).toEqual(
      letterboxTensor(picture, options).data,
    );
  });
});
