import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { isVisualError } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { convertTfjs } from '../../src/convert/tfjs/convert-tfjs.ts';
import { packageFile } from '../../src/model/npm-package.ts';

const PACKAGE = '@vladmandic/human';
const text = readFileSync(packageFile(PACKAGE, 'models/movenet-lightning.json'), 'utf8');
const weights = readFileSync(packageFile(PACKAGE, 'models/movenet-lightning.bin'));

/** Every place of a JSON value, as the names that lead there. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const below = Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]));
  return [[...path], ...below];
}
const PLACES = places(JSON.parse(text)).filter((path) => path.length > 0);

const junk = fc.constantFrom<unknown>(null, -1, 1e9, '', 'x', [], {}, ['x'], true, undefined);

describe('a damaged graph model', () => {
  it('converts or is refused with a code, whatever stands in one place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), junk, (path, value) => {
        const json = JSON.parse(text) as Record<string, unknown>;
        let owner = json;
        for (const key of path.slice(0, -1)) owner = owner[key] as Record<string, unknown>;
        owner[path.at(-1)!] = value;
        const bytes = new TextEncoder().encode(JSON.stringify(json));
        try {
          convertTfjs(bytes, weights);
        } catch (error) {
          expect(isVisualError(error), String(error)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('is refused if the text ends early', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        const bytes = new TextEncoder().encode(text.slice(0, length));
        expect(() => convertTfjs(bytes, weights)).toThrow(
          expect.objectContaining({ code: 'VPX_MODEL_INVALID' }) as Error,
        );
      }),
      { numRuns: 50 },
    );
  });
});
