import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlatePlacer } from '../../src/marks/plate-placer.ts';

const plate = fc.record({
  widthPx: fc.integer({ min: 1, max: 40 }),
  heightPx: fc.constant(10),
  corners: fc.array(
    fc.tuple(fc.double({ min: -50, max: 150, noNaN: true }), fc.integer({ min: -50, max: 150 })),
    { minLength: 1, maxLength: 4 },
  ),
});

it('places every plate inside of the picture', () => {
  fc.assert(
    fc.property(fc.array(plate), (plates) => {
      const placer = new PlatePlacer(100, 80, 1);
      for (const { widthPx, heightPx, corners } of plates) {
        const { x1, y1, x2, y2 } = placer.place(widthPx, heightPx, corners);
        expect([x2 - x1, y2 - y1]).toEqual([widthPx, heightPx]);
        expect(x1 >= 0 && y1 >= 0 && x2 <= 100 && y2 <= 80).toBe(true);
      }
    }),
  );
});

it('keeps plates of one place clear of each other while there is room in its column', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 190 }), (left, top) => {
      const placer = new PlatePlacer(100, 200, 1);
      const rects = Array.from({ length: 8 }, () => placer.place(40, 10, [[left, top]]));
      for (const [i, a] of rects.entries()) {
        for (const b of rects.slice(i + 1)) {
          expect(a.y2 <= b.y1 || b.y2 <= a.y1).toBe(true);
        }
      }
    }),
  );
});

it('takes the first candidate that is free', () => {
  const placer = new PlatePlacer(100, 80, 1);
  expect(placer.place(30, 10, [[5, 5]])).toEqual({ x1: 5, y1: 5, x2: 35, y2: 15 });
  const second = placer.place(30, 10, [
    [10, 10],
    [60, 5],
  ]);
  expect(second).toEqual({ x1: 60, y1: 5, x2: 90, y2: 15 });
});
