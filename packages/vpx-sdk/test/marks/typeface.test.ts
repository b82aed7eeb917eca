import { describe, expect, it } from 'vitest';
import { contrastOf, inkOn, WHITE } from '../../src/marks/color.ts';
import { Painter } from '../../src/marks/painter.ts';
import { strokesOf, writable } from '../../src/marks/stroke-font.ts';
import { Typeface } from '../../src/marks/typeface.ts';
import { asText, blankPicture } from '../support/blank-picture.ts';

const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

function written(text: string, capPx = 10): string[] {
  const face = new Typeface(capPx);
  const picture = blankPicture(face.widthPx(text) + 2, face.linePx + 2, 0);
  face.write(new Painter(picture), text, 1, 1, WHITE);
  return asText(picture);
}

describe('Typeface', () => {
  it('writes letters that can be read', () => {
    expect(written('Hip')).toEqual([
      '',
      '.#.....#...#',
      '.#.....#...#',
      '.#.....#...+',
      '.#.....#..##...#+##+',
      '.#######...#...##++#+',
      '.#.....#...#...#+..+#',
      '.#.....#...#...#....#',
      '.#.....#...#...#+..+#',
      '.#.....#...#...##++#+',
      '.#.....#..###..#+##+',
      '...............#',
      '...............#',
      '...............#',
      '',
    ]);
  });

  it('writes each printable character of ASCII in its own way', () => {
    for (const capPx of [10, 15, 23]) {
      const pictures = PRINTABLE.map((character) => written(character, capPx).join('\n'));
      expect(new Set(pictures).size).toBe(95);
    }
  });

  it('writes a box for what it does not know', () => {
    expect(strokesOf('한')).toBe(strokesOf('語'));
    expect(written('한')).toEqual(written('語'));
    expect(written('한')).not.toEqual(written('#'));
  });

  it('is as wide as it says', () => {
    for (const text of ['hand 1', 'WWW', 'iii', 'face 2: 0.93']) {
      const face = new Typeface(15);
      const picture = blankPicture(face.widthPx(text) + 40, 40, 0);
      face.write(new Painter(picture), text, 10, 10, WHITE);
      const columns = asText(picture).flatMap((row) => [row.search(/[#+]/), row.length - 1]);
      const inked = columns.filter((column) => column >= 0);
      expect(Math.min(...inked)).toBeGreaterThanOrEqual(9);
      expect(Math.max(...inked)).toBeLessThanOrEqual(10 + face.widthPx(text));
    }
  });

  it('cuts what is too wide', () => {
    const face = new Typeface(10);
    const text = 'both hands raised, waving';
    expect(face.fit(text, 1000)).toBe(text);
    const cut = face.fit(text, 80);
    expect(cut).toMatch(/^both.*\.\.\.$/);
    expect(face.widthPx(cut)).toBeLessThanOrEqual(80);
    expect(face.fit(text, 3)).toBe('');
  });
});

describe('writable', () => {
  it.each([
    ['Zoé – naïve', 'Zoe - naive'],
    ['two\nlines\tand\u0007 bells', 'two lines and bells'],
    ['“so” it’s…', '"so" it\'s...'],
    ['한', '한'],
    ['1 × 2 → 3', '1 x 2 -> 3'],
  ])('makes %j into %j', (text, clean) => expect(writable(text)).toBe(clean));

  it('cuts texts without end', () => {
    expect(writable('x'.repeat(1e6)).length).toBeLessThan(1000);
  });
});

describe('inkOn', () => {
  it('can be read on every colour', () => {
    const levels = [0, 32, 64, 96, 128, 160, 192, 224, 255];
    for (const r of levels) {
      for (const g of levels) {
        for (const b of levels) {
          expect(contrastOf(inkOn([r, g, b]), [r, g, b])).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
});
