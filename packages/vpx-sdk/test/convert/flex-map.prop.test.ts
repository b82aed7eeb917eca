import fc from 'fast-check';
import { isVisualError } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { readFlexMap } from '../../src/convert/flex-map.ts';

// { a: 3, b: [1, 2, 300], f: 0.5, n: -70000, s: "text" }, as Python's flatbuffers 25 writes it.
const MAP = Uint8Array.from(
  Buffer.from(
    '610062000300010002002c0166006e0073000474657874000519180f0e0d0000070000000100000005000000030000002a0000000000003f90eefeff29000000062d0e0614192601',
    'hex',
  ),
);

describe('readFlexMap', () => {
  it('reads numbers and lists of numbers, and leaves the rest out', () => {
    const map = readFlexMap(MAP);
    expect([...map]).toEqual([
      ['a', 3],
      ['b', [1, 2, 300]],
      ['f', 0.5],
      ['n', -70000],
    ]);
  });

  it('reads or refuses whatever comes, and does nothing else', () => {
    const mutated = fc
      .array(fc.tuple(fc.nat(MAP.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = MAP.slice();
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated), (bytes) => {
        try {
          readFlexMap(bytes);
        } catch (error) {
          if (!isVisualError(error) || error.code !== 'VPX_MODEL_INVALID') throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
