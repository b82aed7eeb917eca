import { basename, join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../src/clip/clip-name.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom('/', '\\', '.', ' ', '-', '\u0000', 'ä', '스', '😀', '\ud800'),
  }),
  fc.constantFrom('CON', 'nul.txt', 'com1', '..', '../../etc/passwd', 'C:\\x', 'a/../b', 'LPT9 '),
);

describe('safeFileName', () => {
  it('gives one file name inside the folder, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 8, max: 200 }), (text, maxLength) => {
        const name = safeFileName(text, { maxLength });
        expect(name).not.toBe('');
        expect(basename(name)).toBe(name);
        expect(resolve(join('/folder', name))).toBe(`/folder/${name}`);
        expect(name).not.toMatch(/^[. ]|[. ]$/u);
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cs}]/u);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(maxLength);
      }),
      { numRuns: 1000 },
    );
  });

  it('changes nothing when applied twice', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = safeFileName(text);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['Smile of person 3', 'Smile of person 3'],
    ['미소 – hübsch 😀', '미소 – hübsch 😀'],
    ['a/b\\c:d', 'a-b-c-d'],
    ['../secret', 'secret'],
    ['...', 'clip'],
    ['', 'clip'],
    ['NUL', '_NUL'],
  ])('turns %j into %j', (label, name) => {
    expect(safeFileName(label)).toBe(name);
  });

  it('refuses a length that no name fits into', () => {
    expect(() => safeFileName('a', { maxLength: 0 })).toThrow(/maxLength.*0/);
  });
});
