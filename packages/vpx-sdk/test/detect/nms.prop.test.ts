import fc from 'fast-check';
import type { NormBox } from 'visualbase';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../src/detect/detection.ts';
import { iou, nms, weightedNms } from '../../src/detect/nms.ts';

const box = fc
  .tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  )
  .map(([x1, y1, w, h]): NormBox => ({ space: 'norm', x1, y1, x2: x1 + w, y2: y1 + h }));

const detections = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 10_000 }), box), {
    selector: ([score]) => score,
    maxLength: 40,
  })
  .map((pairs) =>
    pairs.map(([score, found]): Detection<NormBox> => ({
      score: score / 10_000,
      box: found,
      keypoints: [{ x: found.x1, y: found.y2 }],
    })),
  );
const threshold = fc.double({ min: 0, max: 1, noNaN: true });
const shuffled = detections.chain((items) =>
  fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
);

const overlaps = (items: readonly Detection<NormBox>[]): number[] =>
  items.flatMap((a, i) => items.slice(i + 1).map((b) => iou(a.box, b.box)));
const isSorted = (items: readonly Detection<NormBox>[]): boolean =>
  items.every((item, i) => i === 0 || item.score <= items[i - 1]!.score);

describe('iou', () => {
  it('lies between 0 and 1, is 1 for a box and itself, and knows no order', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(iou(a, b)).toBeGreaterThanOrEqual(0);
        expect(iou(a, b)).toBeLessThanOrEqual(1 + 1e-12);
        expect(iou(a, b)).toBeCloseTo(iou(b, a), 12);
        expect(iou(a, a)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('is the shared area over the area of both', () => {
    expect(iou({ x1: 0, y1: 0, x2: 2, y2: 2 }, { x1: 1, y1: 0, x2: 3, y2: 2 })).toBeCloseTo(1 / 3);
  });

  it('is 0 for boxes that touch, lie apart or have no area', () => {
    const unit = { x1: 0, y1: 0, x2: 1, y2: 1 };
    expect(iou(unit, { x1: 1, y1: 0, x2: 2, y2: 1 })).toBe(0);
    expect(iou(unit, { x1: 5, y1: 5, x2: 6, y2: 6 })).toBe(0);
    const point = { x1: 1, y1: 1, x2: 1, y2: 1 };
    expect(iou(point, point)).toBe(0);
  });
});

describe('nms', () => {
  it('keeps a part of what it is given, sorted, without overlaps beyond the threshold', () => {
    fc.assert(
      fc.property(detections, threshold, (items, iouThreshold) => {
        const kept = nms(items, { iouThreshold });
        expect(kept.every((item) => items.includes(item))).toBe(true);
        expect(new Set(kept).size).toBe(kept.length);
        expect(isSorted(kept)).toBe(true);
        expect(Math.max(0, ...overlaps(kept))).toBeLessThanOrEqual(iouThreshold);
      }),
    );
  });

  it('drops only what overlaps something better that it keeps', () => {
    fc.assert(
      fc.property(detections, threshold, (items, iouThreshold) => {
        const kept = nms(items, { iouThreshold });
        for (const dropped of items.filter((item) => !kept.includes(item))) {
          const better = kept.filter((item) => item.score > dropped.score);
          expect(better.some((item) => iou(item.box, dropped.box) > iouThreshold)).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(shuffled, ([items, other]) => {
        expect(nms(other)).toEqual(nms(items));
      }),
    );
  });
});

describe('weightedNms', () => {
  it('gives scores of its input, sorted, and boxes without overlaps beyond the threshold', () => {
    fc.assert(
      fc.property(detections, threshold, (items, iouThreshold) => {
        const joined = weightedNms(items, { iouThreshold });
        const scores = items.map((item) => item.score);
        expect(joined.every((item) => scores.includes(item.score))).toBe(true);
        expect(joined.length).toBeLessThanOrEqual(nms(items, { iouThreshold }).length);
        expect(joined.length > 0).toBe(items.length > 0);
        expect(isSorted(joined)).toBe(true);
        expect(Math.max(0, ...overlaps(joined))).toBeLessThanOrEqual(iouThreshold);
      }),
    );
  });

  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(shuffled, ([items, other]) => {
        expect(weightedNms(other)).toEqual(weightedNms(items));
      }),
    );
  });

  it('keeps alone what overlaps nothing', () => {
    fc.assert(
      fc.property(detections, (items) => {
        const apart = items.map((item, i) => ({
          ...item,
          box: { ...item.box, x1: item.box.x1 + i * 2, x2: item.box.x2 + i * 2 },
        }));
        const sorted = apart.toSorted((a, b) => b.score - a.score);
        expect(weightedNms(apart)).toEqual(sorted);
      }),
    );
  });

  it('joins boxes and points by their scores', () => {
    const at = (x: number, score: number): Detection<NormBox> => ({
      score,
      box: { space: 'norm', x1: x, y1: 0, x2: x + 1, y2: 1 },
      keypoints: [{ x, y: 0.5 }],
    });
    const [joined, ...rest] = weightedNms([at(0.2, 0.3), at(0, 0.9)]);
    expect(rest).toEqual([]);
    expect(joined!.score).toBe(0.9);
    expect(joined!.box.x1).toBeCloseTo(0.05);
    expect(joined!.box.x2).toBeCloseTo(1.05);
    expect(joined!.keypoints[0]!.x).toBeCloseTo(0.05);
  });

  it('refuses a threshold outside 0 to 1', () => {
    expect(() => weightedNms([], { iouThreshold: 30 })).toThrow(/0 to 1, got 30/);
  });

  it('leaves what is strong as it is, whatever weak detections come with it', () => {
    fc.assert(
      fc.property(detections, threshold, threshold, (items, iouThreshold, minBlendScore) => {
        const strong = items.filter(({ score }) => score >= minBlendScore);
        const options = { iouThreshold, minBlendScore, isDistinct: false };
        const found = weightedNms(items, options);
        expect(found.filter(({ score }) => score >= minBlendScore)).toEqual(
          weightedNms(strong, options),
        );
      }),
    );
  });
});
