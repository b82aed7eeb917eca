import fc from 'fast-check';
import { Trigger } from 'visualbase';
import type { Observation } from '../../src/core/observation.ts';

const VIEWS = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];

/** Typed arrays that are a window on a larger buffer. */
const view: fc.Arbitrary<ArrayBufferView> = fc
  .record({
    View: fc.constantFrom(...VIEWS),
    bytes: fc.uint8Array({ minLength: 64, maxLength: 256 }),
    offset: fc.nat(3),
    length: fc.nat(4),
  })
  .map(({ View, bytes, offset, length }) => {
    const whole = bytes.slice(0, bytes.length - (bytes.length % 8)).buffer;
    return new View(whole, offset * View.BYTES_PER_ELEMENT, length);
  });

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined, NaN, Infinity, -Infinity, -0),
  fc.bigInt(),
  // Node 20's deepStrictEqual tells two invalid dates apart.
  fc.date({ noInvalidDate: true }),
  view,
  view.map((whole) => new DataView(whole.buffer, whole.byteOffset, whole.byteLength)),
  fc.string().map((text) => Buffer.from(text)),
);

const anything = (values: readonly fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> =>
  fc.anything({
    values: [...values],
    withBigInt: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });

const triggerWith = (inside: fc.Arbitrary<unknown>): fc.Arbitrary<Trigger> =>
  fc
    .record({
      eventTimeNs: fc.maxSafeNat(),
      preSec: fc.double({ min: 0, max: 1e6, noNaN: true }),
      postSec: fc.double({ min: 0, max: 1e6, noNaN: true }),
      label: fc.string({ minLength: 1 }),
      score: fc.double({ noNaN: true, noDefaultInfinity: true }),
      metadata: fc.dictionary(fc.string(), inside),
    })
    .map((init) => Trigger.point(init));

/** Everything that an observation may hold, triggers with triggers in them included. */
const anyValue: fc.Arbitrary<unknown> = anything([
  leaf,
  triggerWith(anything([leaf, triggerWith(leaf)])),
]);

const signals = fc.dictionary(fc.string(), fc.oneof(fc.double(), fc.boolean(), fc.string()));

/** Observations that hold {@link anyValue}. */
export const anyObservation: fc.Arbitrary<Observation> = fc.record(
  {
    source: fc.string(),
    frameId: fc.nat(),
    tNs: fc.maxSafeNat(),
    signals,
    metadata: fc.dictionary(fc.string(), anyValue),
    data: anyValue,
    timing: fc.dictionary(fc.string(), fc.double()),
  },
  { requiredKeys: ['source', 'frameId', 'tNs', 'signals', 'metadata'] },
);
