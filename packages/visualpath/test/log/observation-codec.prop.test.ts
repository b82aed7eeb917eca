import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeChunk,
  decodeObservation,
  encodeChunk,
  encodeObservation,
} from '../../src/log/observation-codec.ts';
import { anyObservation } from './arbitraries.ts';

describe('decodeObservation', () => {
  it('gives back whatever encodeObservation wrote', () => {
    fc.assert(
      fc.property(anyObservation, (observation) => {
        deepStrictEqual(decodeObservation(encodeObservation(observation)), observation);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a record that is cut short anywhere', () => {
    fc.assert(
      fc.property(anyObservation, fc.double({ min: 0, max: 1, noNaN: true }), (whole, part) => {
        const bytes = encodeObservation(whole);
        const length = Math.min(Math.floor(part * bytes.byteLength), bytes.byteLength - 1);
        expect(() => decodeObservation(bytes.subarray(0, length))).toThrow(
          expect.objectContaining({ code: 'VP_OBSERVATION_CORRUPT' }),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('decodeChunk', () => {
  it('gives back many observations at once, in order', () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { minLength: 1, maxLength: 5 }), (observations) => {
        const { bytes, kept } = encodeChunk(observations);
        expect(kept.size).toBe(0);
        deepStrictEqual(decodeChunk(bytes!, kept), observations);
      }),
      { numRuns: 25 },
    );
  });
});
