import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark, MarkPoint } from 'visualpath';
import { MarkRenderer, renderMarks } from '../../src/marks/mark-renderer.ts';
import { blankPicture, changedPixels } from '../support/blank-picture.ts';

const WIDTH = 64;
const HEIGHT = 48;

const anyNumber = fc.oneof(
  fc.double({ min: -100, max: 200 }),
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -1e308, 0, -0),
);
const anyPoint: fc.Arbitrary<MarkPoint> = fc.record({
  space: fc.constantFrom('px', 'norm'),
  x: anyNumber,
  y: anyNumber,
});
const anyBox = fc.record({
  space: fc.constantFrom('px' as const, 'norm' as const),
  ...{ x1: anyNumber, y1: anyNumber, x2: anyNumber, y2: anyNumber },
}) as fc.Arbitrary<Extract<Mark, { kind: 'box' }>['box']>;
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string());
const anyLabel = { label: anyText };
const anyMark = fc.oneof(
  fc.record({ kind: fc.constant('box' as const), box: anyBox, ...anyLabel }),
  fc.record({ kind: fc.constant('keypoints' as const), points: fc.array(anyPoint), ...anyLabel }),
  fc.record({
    kind: fc.constant('skeleton' as const),
    points: fc.array(anyPoint),
    bones: fc.array(fc.tuple(anyNumber, fc.integer({ min: -2, max: 12 }))),
    ...anyLabel,
  }),
  fc.record({ kind: fc.constant('bar' as const), at: anyPoint, value: anyNumber, ...anyLabel }),
  fc.record({ kind: fc.constant('label' as const), at: anyPoint, text: anyText, ...anyLabel }),
  fc.record({ kind: fc.constant('text' as const), text: anyText, ...anyLabel }),
);

/** A canvas in the middle of memory, with padding after each row. */
function guarded() {
  const strideBytes = WIDTH * 3 + 5;
  const guard = 1000;
  const memory = new Uint8Array(2 * guard + strideBytes * HEIGHT).fill(77);
  const data = memory.subarray(guard, guard + strideBytes * HEIGHT);
  const isWhole = (): boolean =>
    memory.every((level, i) => {
      const at = i - guard;
      const isPixel = at >= 0 && at < data.length && at % strideBytes < WIDTH * 3;
      return isPixel || level === 77;
    });
  return { canvas: { width: WIDTH, height: HEIGHT, strideBytes, data }, isWhole };
}

const inside = (most: number) => fc.integer({ min: -20, max: most + 20 });

describe('MarkRenderer', () => {
  it('never throws at marks of the right form, and never writes outside of the picture', () => {
    const renderer = new MarkRenderer();
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 12 }), (marks) => {
        const { canvas, isWhole } = guarded();
        renderer.draw(canvas, [{ module: 'a.b', marks }]);
        expect(isWhole()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes anything at all for a mark without failing', () => {
    const renderer = new MarkRenderer({ onBadMark: () => undefined });
    fc.assert(
      fc.property(fc.array(fc.anything({ withNullPrototype: true })), (marks) => {
        renderer.render(blankPicture(20, 20), [{ module: 'a.b', marks: marks as Mark[] }]);
      }),
    );
  });

  it('changes no pixel away from a mark', () => {
    fc.assert(
      fc.property(
        inside(WIDTH),
        inside(HEIGHT),
        inside(WIDTH),
        inside(HEIGHT),
        (x1, y1, x2, y2) => {
          const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
          const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
          const space = 'px';
          const ends = [
            { space, x: x1, y: y1 },
            { space, x: x2, y: y2 },
          ] as const;
          const marks: Mark[] = [
            { kind: 'box', box: { space, x1: left, y1: top, x2: right, y2: bottom } },
            { kind: 'keypoints', points: ends },
            { kind: 'skeleton', points: ends, bones: [[0, 1]] },
          ];
          const before = blankPicture(WIDTH, HEIGHT);
          // Joint, halo and smoothing around a point.
          const reach = 4;
          for (const mark of marks) {
            const after = renderMarks(before, [{ module: 'a.b', marks: [mark] }]);
            for (const { x, y } of changedPixels(before, after)) {
              expect(x >= left - reach && x <= right + reach).toBe(true);
              expect(y >= top - reach && y <= bottom + reach).toBe(true);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('draws a line where it is, seen from both of its ends', () => {
    fc.assert(
      fc.property(
        inside(WIDTH),
        inside(HEIGHT),
        inside(WIDTH),
        inside(HEIGHT),
        (x1, y1, x2, y2) => {
          fc.pre(Math.hypot(x2 - x1, y2 - y1) > 5);
          const space = 'px';
          const points = [
            { space, x: x1 + 0.5, y: y1 + 0.5 },
            { space, x: x2 + 0.5, y: y2 + 0.5 },
          ] as const;
          const drawn = renderMarks(blankPicture(WIDTH, HEIGHT, 0), [
            {
              module: 'a.b',
              marks: [{ kind: 'skeleton', points, bones: [[0, 1]], color: '#ffffff' }],
            },
          ]);
          for (let i = 0; i <= 20; i++) {
            const x = Math.round(x1 + ((x2 - x1) * i) / 20);
            const y = Math.round(y1 + ((y2 - y1) * i) / 20);
            if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) continue;
            expect(drawn.data[(y * WIDTH + x) * 3]).toBeGreaterThan(60);
          }
        },
      ),
    );
  });

  it('draws the same for pixels and for fractions of the picture', () => {
    // Sizes by which fractions are exact.
    const [width, height] = [64, 32];
    const place = fc.tuple(fc.integer({ min: -10, max: 74 }), fc.integer({ min: -10, max: 42 }));
    fc.assert(
      fc.property(fc.array(place, { minLength: 3, maxLength: 6 }), fc.string(), (places, label) => {
        const marksIn = (space: 'px' | 'norm'): Mark[] => {
          const [sx, sy] = space === 'px' ? [1, 1] : [width, height];
          const points = places.map(([x, y]) => ({ space, x: x / sx, y: y / sy }));
          const [a, b, at] = points;
          const box = { space, x1: a!.x, y1: a!.y, x2: b!.x, y2: b!.y } as Extract<
            Mark,
            { kind: 'box' }
          >['box'];
          return [
            { kind: 'box', box, label },
            { kind: 'skeleton', points, bones: [[0, 2]] },
            { kind: 'label', at: at!, text: label },
            { kind: 'bar', at: b!, value: 0.4 },
          ];
        };
        const [px, norm] = (['px', 'norm'] as const).map((space) =>
          renderMarks(blankPicture(width, height), [{ module: 'a.b', marks: marksIn(space) }]),
        );
        expect(Buffer.compare(px!.data, norm!.data)).toBe(0);
      }),
    );
  });
});
