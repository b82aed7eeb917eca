import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCacheEntry, encodeCacheEntry } from '../../src/model/cache-entry.ts';

const spec = fc.record({
  name: fc.string(),
  dims: fc.array(fc.oneof(fc.nat(), fc.constant('N'))),
});
const model = fc.record({
  onnx: fc.uint8Array({ maxLength: 200 }),
  inputs: fc.array(spec),
  outputs: fc.array(spec),
});

describe('cache entries', () => {
  it('give back what was put in', () => {
    fc.assert(
      fc.property(model, (given) => {
        const found = decodeCacheEntry(encodeCacheEntry(given));
        expect(found && { ...found, onnx: new Uint8Array(found.onnx) }).toEqual(given);
      }),
    );
  });

  it('are nothing once any byte is changed, missing or added', () => {
    fc.assert(
      fc.property(model, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const entry = encodeCacheEntry(given);
        const changed = new Uint8Array(entry);
        changed[at % entry.length]! ^= change;
        expect(decodeCacheEntry(changed)).toBeUndefined();
        expect(decodeCacheEntry(entry.subarray(0, at % entry.length))).toBeUndefined();
        expect(decodeCacheEntry(new Uint8Array([...entry, 0]))).toBeUndefined();
      }),
    );
  });
});
