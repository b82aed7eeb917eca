import { expect, it } from 'vitest';
import { drawText, textSize } from '../../src/sheet/bitmap-font.ts';

/** What is drawn, a character a pixel. */
function draw(text: string, width: number, height: number, place = { xPx: 0, yPx: 0, dotPx: 1 }) {
  const data = new Uint8Array(width * height * 3).fill(100);
  drawText({ width, height, data }, text, place);
  const level = (i: number): string => (data[i * 3] === 255 ? '#' : data[i * 3] === 0 ? ' ' : '-');
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => level(y * width + x)).join(''),
  );
}

it('draws digits, colons and points in white on black', () => {
  expect(textSize('4:.', 1)).toEqual({ widthPx: 19, heightPx: 9 });
  expect(draw('4:.', 20, 10)).toEqual([
    '                   -',
    '    #              -',
    '   ##    #         -',
    '  # #    #         -',
    ' #  #              -',
    ' #####   #         -',
    '    #    #    ##   -',
    '    #         ##   -',
    '                   -',
    '--------------------',
  ]);
});

it('draws larger dots', () => {
  const [small, large] = [draw('7', 7, 9), draw('7', 14, 18, { xPx: 0, yPx: 0, dotPx: 2 })];
  const grown = small.flatMap((row) => {
    const wide = row.replaceAll(/./g, '$&$&');
    return [wide, wide];
  });
  expect(large).toEqual(grown);
});

it('cuts off what lies outside, and leaves gaps for other characters', () => {
  expect(draw('8', 4, 3, { xPx: -2, yPx: -1, dotPx: 1 })).toEqual(['### ', '   #', '   #']);
  expect(draw('x', 7, 9).join('').trim()).toBe('');
});

it('has a picture of its own for every digit', () => {
  const pictures = '0 1 2 3 4 5 6 7 8 9 : .'
    .split(' ')
    .map((character) => draw(character, 7, 9).join());
  expect(new Set(pictures).size).toBe(12);
});
