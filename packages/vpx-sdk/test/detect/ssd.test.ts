import { describe, expect, it } from 'vitest';
import { decodeSsdBoxes, sigmoid } from '../../src/detect/decode-ssd.ts';
import { ssdAnchors } from '../../src/detect/ssd-anchors.ts';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
} from '../../src/model/catalogue.ts';

describe('ssdAnchors', () => {
  it.each([
    ['short-range face', FACE_DETECTION_SHORT_RANGE.ssd, 896],
    ['full-range face', FACE_DETECTION_FULL_RANGE.ssd, 2304],
    ['palm', { sizePx: 192, strides: [8, 16, 16, 16], anchorsPerLayer: 2 } as const, 2016],
    ['pose', { sizePx: 224, strides: [8, 16, 32, 32, 32], anchorsPerLayer: 2 } as const, 2254],
  ])('lays out as many anchors as the %s detector has', (_, spec, count) => {
    expect(ssdAnchors(spec)).toHaveLength(count * 2);
  });

  it('puts them at the centres of the cells, row by row, layers of one stride together', () => {
    const anchors = ssdAnchors({ sizePx: 32, strides: [16, 32, 32], anchorsPerLayer: 1 });
    expect(Array.from(anchors)).toEqual([
      ...[0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.75],
      ...[0.5, 0.5, 0.5, 0.5],
    ]);
  });

  it('refuses a stride of 0', () => {
    expect(() => ssdAnchors({ sizePx: 32, strides: [0], anchorsPerLayer: 1 })).toThrow(RangeError);
  });
});

describe('decodeSsdBoxes', () => {
  const spec = { sizePx: 100, keypointCount: 1 };
  const anchors = Float32Array.of(0.25, 0.25, 0.75, 0.5);
  const options = { spec, anchors, scoreThreshold: 0.5 };
  const boxes = Float32Array.of(0, 0, 10, 10, 0, 0, 5, -10, 20, 40, 1, 2);

  it('reads centre, size and points from the anchor on', () => {
    const [found, ...rest] = decodeSsdBoxes({ boxes, scores: Float32Array.of(-3, 2) }, options);
    expect(rest).toEqual([]);
    expect(found!.score).toBeCloseTo(0.8808, 4);
    const { x1, y1, x2, y2 } = found!.box;
    [x1 - 0.7, y1 - 0.2, x2 - 0.9, y2 - 0.6].forEach((error) => expect(error).toBeCloseTo(0, 6));
    expect(found!.keypoints[0]!.x).toBeCloseTo(0.76, 6);
    expect(found!.keypoints[0]!.y).toBeCloseTo(0.52, 6);
  });

  it('keeps what reaches the threshold exactly', () => {
    expect(decodeSsdBoxes({ boxes, scores: Float32Array.of(0, -0.001) }, options)).toHaveLength(1);
  });

  it('leaves out boxes without an inside', () => {
    const flat = boxes.slice();
    flat[2] = 0;
    flat[8] = -1;
    expect(decodeSsdBoxes({ boxes: flat, scores: Float32Array.of(9, 9) }, options)).toEqual([]);
  });

  it('gives a score of 1 for a logit that no exponential could hold', () => {
    const [found] = decodeSsdBoxes({ boxes, scores: Float32Array.of(1e30, -1e30) }, options);
    expect(found!.score).toBe(1);
    expect([sigmoid(-1e30), sigmoid(0), sigmoid(1e30)]).toEqual([0, 0.5, 1]);
  });

  it('says with both lengths that an output does not fit', () => {
    expect(() => decodeSsdBoxes({ boxes, scores: new Float32Array(3) }, options)).toThrow(
      expect.objectContaining({
        code: 'VPX_BAD_OUTPUT',
        message: expect.stringMatching(/12 box values and 3 scores.*need 12 and 2/) as string,
      }),
    );
  });

  it('refuses scores that are not numbers: they are no "nothing found"', () => {
    expect(() => decodeSsdBoxes({ boxes, scores: Float32Array.of(-9, NaN) }, options)).toThrow(
      expect.objectContaining({ code: 'VPX_BAD_OUTPUT' }),
    );
  });
});
