import { describe, expect, it } from 'vitest';
import { Frame } from 'visualbase';
import type { Mark } from 'visualpath';
import { MarkRenderer, renderMarks, type BadMark } from '../../src/marks/mark-renderer.ts';
import { asText, blankPicture, changedPixels } from '../support/blank-picture.ts';

const WHITE = { color: '#ffffff' } as const;
const draw = (width: number, height: number, ...marks: Mark[]) =>
  renderMarks(blankPicture(width, height, 0), [{ module: 'a.b', marks }]);

/** Left, upper, right and lower edge of what changed. */
function boundsOf(pixels: readonly { x: number; y: number }[]) {
  const [xs, ys] = [pixels.map(({ x }) => x), pixels.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The colour that most of the changed pixels have, bright ones only. */
function colorIn(module: string, mark: Mark): string {
  const before = blankPicture(200, 100, 0);
  const after = renderMarks(before, [{ module, marks: [mark] }]);
  const counts = new Map<string, number>();
  for (const { x, y } of changedPixels(before, after)) {
    const at = y * after.strideBytes + x * 3;
    const color = after.data.subarray(at, at + 3).join();
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]![0];
}
const boxOf = (label?: string): Mark => ({
  kind: 'box',
  box: { space: 'px', x1: 20, y1: 40, x2: 120, y2: 90 },
  ...(label !== undefined && { label }),
});

describe('MarkRenderer', () => {
  it('draws the rim of a box inwards, sharp', () => {
    const box: Mark = { kind: 'box', box: { space: 'px', x1: 2, y1: 1, x2: 9, y2: 5 }, ...WHITE };
    expect(asText(draw(12, 7, box))).toEqual([
      '',
      '..#######',
      '..#.....#',
      '..#.....#',
      '..#######',
      '',
      '',
    ]);
  });

  it('stacks bars at one place downwards, in their order', () => {
    const at = { space: 'px', x: 10, y: 10 } as const;
    const bar = (value: number): Mark => ({ kind: 'bar', at, value, ...WHITE });
    const before = blankPicture(200, 200, 100);
    const marks = [bar(1), bar(1), bar(0)];
    const drawn = renderMarks(before, [{ module: 'a.b', marks }]);
    const brightRows = new Set(
      changedPixels(before, drawn)
        .filter(({ x, y }) => drawn.data[y * drawn.strideBytes + x * 3]! > 250)
        .map(({ y }) => y),
    );
    const [x1, y1, , y2] = boundsOf(changedPixels(before, drawn));
    expect([x1, y1]).toEqual([10, 10]);
    // The two that are full lie in the upper two thirds, with a gap between them.
    const rows = [...brightRows].sort((a, b) => a - b);
    expect(rows.at(-1)).toBeLessThan(y1! + ((y2! - y1!) * 2) / 3);
    expect(rows.filter((row, i) => row - rows[i - 1]! > 1)).toHaveLength(1);
  });

  it('keeps the order of stacked bars where the picture ends', () => {
    const at = { space: 'px', x: 10, y: 190 } as const;
    const marks = [1, 0].map((value): Mark => ({ kind: 'bar', at, value, ...WHITE }));
    const before = blankPicture(200, 200, 100);
    const drawn = renderMarks(before, [{ module: 'a.b', marks }]);
    const changed = changedPixels(before, drawn);
    const isBright = ({ x, y }: { x: number; y: number }) =>
      drawn.data[y * drawn.strideBytes + x * 3]! > 250;
    const [, y1, , y2] = boundsOf(changed);
    const middle = (y1! + y2!) / 2;
    // The full one is the first, and lies above.
    for (const { y } of changed.filter(isBright)) expect(y).toBeLessThan(middle);
  });

  it('draws bones and their joints', () => {
    const points = [
      { space: 'px', x: 3.5, y: 3.5 },
      { space: 'px', x: 17.5, y: 3.5 },
      { space: 'px', x: 17.5, y: 12.5 },
    ] as const;
    const bones = [
      [0, 1],
      [1, 2],
    ] as const;
    expect(asText(draw(22, 16, { kind: 'skeleton', points, bones, ...WHITE }))).toEqual([
      '',
      '',
      '...+.............+',
      '..+###############+',
      '...+.............#',
      '.................#',
      '.................#',
      '.................#',
      '.................#',
      '.................#',
      '.................#',
      '.................#',
      '................+#+',
      '.................+',
      '',
      '',
    ]);
  });

  it('fills a gauge as far as its value', () => {
    const fillOf = (value: number): number => {
      const drawn = draw(120, 40, {
        kind: 'bar',
        at: { space: 'px', x: 5, y: 5 },
        value,
        ...WHITE,
      });
      return asText(drawn)[14]!.replace(/[^#]/g, '').length;
    };
    expect(fillOf(0)).toBe(0);
    expect(fillOf(0.5)).toBeCloseTo(fillOf(1) / 2, 0);
    expect([fillOf(7), fillOf(-3)]).toEqual([fillOf(1), 0]);
    expect(fillOf(Number.NaN)).toBe(0);
  });

  it('writes texts below each other, in their order', () => {
    const lines = ['one', 'two', 'three'].map((text): Mark => ({ kind: 'text', text }));
    const heights = [1, 2, 3].map((count) => {
      const drawn = draw(200, 100, ...lines.slice(0, count));
      return boundsOf(changedPixels(blankPicture(200, 100, 0), drawn))[3]!;
    });
    expect(heights[1]! - heights[0]!).toBe(heights[2]! - heights[1]!);
    expect(heights[1]! - heights[0]!).toBeGreaterThan(10);
  });

  it('tells how many lines there was no room for', () => {
    const lines = Array.from({ length: 50 }, (): Mark => ({ kind: 'text', text: 'x' }));
    const some = draw(200, 100, ...lines);
    const more = draw(200, 100, ...lines, ...lines);
    expect(some.data).not.toEqual(more.data);
    const before = blankPicture(200, 100, 0);
    expect(boundsOf(changedPixels(before, some))[3]).toBeLessThan(100);
  });

  it.each([
    ['below a box at the upper border', { x1: 20, y1: 0, x2: 60, y2: 40 }],
    ['in a box that fills the picture', { x1: 0, y1: 0, x2: 200, y2: 100 }],
    ['left of the end of a box at the right border', { x1: 190, y1: 50, x2: 260, y2: 90 }],
  ])('writes a label whole: %s', (_where, corners) => {
    const boxWith = (px: typeof corners, label?: string): Mark => ({
      kind: 'box',
      box: { space: 'px', ...px },
      color: '#38bdf8',
      ...(label !== undefined && { label }),
    });
    const labelAt = (px: typeof corners) =>
      boundsOf(
        changedPixels(draw(200, 100, boxWith(px)), draw(200, 100, boxWith(px, 'body 1, waving'))),
      );
    const [x1, y1, x2, y2] = labelAt(corners);
    const [fx1, fy1, fx2, fy2] = labelAt({ x1: 20, y1: 50, x2: 60, y2: 90 });
    // Over a rim of its own colour a plate is not told from it; a letter is 8 px wide.
    expect(Math.abs(x2! - x1! - (fx2! - fx1!))).toBeLessThanOrEqual(3);
    expect(Math.abs(y2! - y1! - (fy2! - fy1!))).toBeLessThanOrEqual(3);
  });

  it('keeps labels of boxes in one place clear of each other', () => {
    const size = (marks: Mark[]): number =>
      changedPixels(blankPicture(300, 300, 0), draw(300, 300, ...marks)).length;
    const plain = boxOf();
    const label = size([boxOf('body 1')]) - size([plain]);
    const four = [1, 2, 3, 4].map((id) => boxOf(`body ${id}`));
    expect(size(four) - size([plain])).toBeGreaterThan(3.5 * label);
  });

  it('has one colour for one id, whatever else the label says, in all modules of a domain', () => {
    const color = colorIn('face.detect', boxOf('face 3'));
    expect(colorIn('face.detect', boxOf('face 3 looks left, 0.93'))).toBe(color);
    expect(colorIn('face.expression', boxOf('3 smiles'))).toBe(color);
    expect(colorIn('face.detect', boxOf('face 4'))).not.toBe(color);
    expect(colorIn('hand.gesture', boxOf('face 3'))).not.toBe(color);
  });

  it('gives what has no label the colour of the mark before it', () => {
    const box = boxOf('hand 2');
    const bones: Mark = {
      kind: 'skeleton',
      points: [
        { space: 'px', x: 30, y: 60.5 },
        { space: 'px', x: 110, y: 60.5 },
      ],
      bones: [[0, 1]],
    };
    const drawn = draw(200, 100, box, bones);
    const pixelAt = (x: number, y: number) =>
      drawn.data.subarray((y * 200 + x) * 3, (y * 200 + x) * 3 + 3).join();
    expect(pixelAt(70, 60)).toBe(pixelAt(20, 60));
  });

  it('reads rows with padding, and leaves the picture as it was', () => {
    const data = new Uint8Array(40 * 10).fill(50);
    const frame = Frame.fromRgb({
      frameId: 0,
      tSrcNs: 0,
      width: 10,
      height: 10,
      strideBytes: 40,
      data,
    });
    const drawn = renderMarks(frame, [
      {
        module: 'a.b',
        marks: [{ kind: 'box', box: { space: 'norm', x1: 0, y1: 0, x2: 1, y2: 1 } }],
      },
    ]);
    expect(drawn).toMatchObject({ width: 10, height: 10, strideBytes: 30 });
    expect(drawn.data[5 * 30 + 15]).toBe(50);
    expect(drawn.data.subarray(0, 3)).not.toEqual(new Uint8Array(3).fill(50));
    expect(new Set(data)).toEqual(new Set([50]));
  });

  it('draws into a picture itself, between its rows of padding', () => {
    const data = new Uint8Array(64 * 20).fill(7);
    const canvas = { width: 20, height: 20, strideBytes: 64, data };
    const box = { space: 'norm', x1: -1, y1: -1, x2: 2, y2: 0.5 } as const;
    new MarkRenderer().draw(canvas, [{ module: 'a.b', marks: [{ kind: 'box', box }] }]);
    expect(data.some((level) => level !== 7)).toBe(true);
    for (let y = 0; y < 20; y++) {
      expect(new Set(data.subarray(y * 64 + 60, (y + 1) * 64))).toEqual(new Set([7]));
    }
  });

  it.each<[unknown, string]>([
    [undefined, 'is a undefined, no object'],
    [{ kind: 'blob' }, 'is of an unknown `kind`'],
    [{ kind: 'box' }, 'has a `box` without space and corners'],
    [{ kind: 'box', box: { space: 'm', x1: 0, y1: 0, x2: 1, y2: 1 } }, 'has a `box` without'],
    [{ kind: 'keypoints', points: [{ x: 1, y: 1 }] }, 'has a point without space, x and y'],
    [{ kind: 'skeleton', points: [], bones: [[0]] }, 'has a bone that is no pair of indices'],
    [{ kind: 'text', text: 5 }, 'has a `text` that is none'],
    [{ kind: 'text', text: 'x', color: 'red' }, 'has a `color` that is not #rrggbb'],
    [{ kind: 'bar', at: {}, value: 1 }, 'has an `at` that is no point'],
    [{ kind: 'keypoints', points: { length: 1e9 } }, 'has no list of `points`'],
  ])('says what is wrong with the mark %j', (mark, fault) => {
    const good: Mark = { kind: 'text', text: 'good' };
    const marks = [good, mark as Mark];
    const image = blankPicture(50, 50);
    expect(() => renderMarks(image, [{ module: 'x.y', marks }])).toThrow(
      expect.objectContaining({
        code: 'VPX_BAD_MARK',
        message: expect.stringContaining(fault) as string,
      }),
    );
    const bad: BadMark[] = [];
    const onBadMark = (one: BadMark) => void bad.push(one);
    const drawn = renderMarks(image, [{ module: 'x.y', marks }], { onBadMark });
    expect(bad).toEqual([
      { module: 'x.y', index: 1, fault: expect.stringContaining(fault) as string },
    ]);
    expect(drawn.data).toEqual(renderMarks(image, [{ module: 'x.y', marks: [good] }]).data);
  });

  it('leaves out a mark that cannot even be read', () => {
    const mark = {
      get kind(): never {
        throw new Error('no');
      },
    };
    const faults: string[] = [];
    const onBadMark = ({ fault }: BadMark) => void faults.push(fault);
    renderMarks(blankPicture(9, 9), [{ module: 'x.y', marks: [mark as unknown as Mark] }], {
      onBadMark,
    });
    expect(faults).toEqual(['cannot be read']);
  });

  it('takes marks that are in no list for bad, too', () => {
    const marks = null as unknown as Mark[];
    expect(() => renderMarks(blankPicture(9, 9), [{ module: 'x.y', marks }])).toThrow(
      'is not in a list',
    );
  });

  it.each([
    [{ lineWidthPx: 0 }, /lineWidthPx/],
    [{ textHeightPx: 5 }, /textHeightPx/],
    [{ textHeightPx: Number.NaN }, /textHeightPx/],
  ])('refuses %o', (options, message) => {
    expect(() => new MarkRenderer(options)).toThrow(message);
  });
});
