import { deepStrictEqual } from 'node:assert/strict';
import { Trigger, type VisualError } from 'visualbase';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.ts';
import {
  decodeChunk,
  decodeObservation,
  encodeChunk,
  encodeObservation,
} from '../../src/log/observation-codec.ts';

const observationOf = (data: unknown): Observation => ({
  source: 'face.detect',
  frameId: 12,
  tNs: 400_000_000,
  signals: {},
  data,
  metadata: {},
});

const roundTrip = <T>(data: T): T =>
  decodeObservation(encodeObservation(observationOf(data))).data as T;

const refusalOf = (data: unknown): VisualError => {
  try {
    encodeObservation(observationOf(data));
  } catch (error) {
    return error as VisualError;
  }
  throw new Error('It was written.');
};

class Mesh {
  readonly #points = [1, 2];
  get count(): number {
    return this.#points.length;
  }
}

describe('encodeObservation', () => {
  it('writes the bytes of a view and not the buffer behind it', () => {
    const whole = new Float32Array(1_000_000).fill(1);
    const bytes = encodeObservation(observationOf(whole.subarray(500, 504)));
    expect(bytes.byteLength).toBeLessThan(300);
    expect(decodeObservation(bytes).data).toEqual(new Float32Array(4).fill(1));
  });

  it('copies a view on shared memory into a buffer of its own', () => {
    const shared = new Uint16Array(new SharedArrayBuffer(64), 8, 3).fill(7);
    const copy = roundTrip(shared);
    deepStrictEqual(copy, Uint16Array.of(7, 7, 7));
    expect(copy.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('keeps the payload of every NaN in a typed array', () => {
    const bits = BigUint64Array.of(0x7ff8_0000_dead_beefn, 0xfff0_0000_0000_0001n);
    const copy = roundTrip(new Float64Array(bits.buffer));
    expect(new BigUint64Array(copy.buffer)).toEqual(bits);
  });

  it('keeps a date that is not valid', () => {
    expect(roundTrip(new Date(NaN)).getTime()).toBeNaN();
  });

  it('keeps cycles and shared objects', () => {
    const point = { x: 1 };
    const data: Record<string, unknown> = { a: point, b: point };
    data['self'] = data;
    const copy = roundTrip(data);
    expect(copy['self']).toBe(copy);
    expect(copy['a']).toBe(copy['b']);
  });

  it('brings triggers back as triggers, wherever they are', () => {
    const inner = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'inner' });
    const list: unknown[] = [];
    const outer = Trigger.range({
      startTimeNs: 1,
      endTimeNs: 9,
      label: 'outer',
      metadata: { inner, list },
    });
    list.push(outer, { inner });
    const data = {
      outer,
      list: [inner, inner],
      byTrigger: new Map<unknown, unknown>([
        ['first', inner],
        [inner, 2],
      ]),
      all: new Set([outer, inner]),
    };
    const copy = roundTrip(data);
    deepStrictEqual(copy, data);
    expect(copy.outer).toBeInstanceOf(Trigger);
    expect(copy.outer.clipEndNs).toBe(9);
    expect(copy.outer.metadata['inner']).toBe(copy.list[0]);
    expect([...copy.byTrigger.keys()][1]).toBe(copy.list[0]);
    expect((copy.outer.metadata['list'] as unknown[])[0]).toBe(copy.outer);
  });

  it('brings back a trigger that is the data, and one in the metadata', () => {
    const trigger = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'smile' });
    const observation = { ...observationOf(trigger), metadata: { trigger } };
    deepStrictEqual(decodeObservation(encodeObservation(observation)), observation);
  });

  it('takes plain data that looks like a trigger for what it is', () => {
    const json = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'x' }).toJSON();
    deepStrictEqual(roundTrip({ json }), { json });
  });

  it('does not change what it writes', () => {
    const trigger = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'x' });
    const frozen = Object.freeze({ list: Object.freeze([trigger]) });
    deepStrictEqual(roundTrip(frozen), { list: [trigger] });
    expect(frozen.list[0]).toBe(trigger);
  });

  it.each([
    ['a function', { faces: [1, 2, 3, { render: () => 1 }] }, 'data.faces[3].render', 'a function'],
    ['a class instance', { mesh: new Mesh() }, 'data.mesh', 'an instance of Mesh'],
    ['an error', { failure: new Error('no') }, 'data.failure', 'an instance of Error'],
    ['a promise', [Promise.resolve()], 'data[0]', 'an instance of Promise'],
    ['a symbol', { 'eye left': Symbol('x') }, 'data["eye left"]', 'a symbol'],
    ['shared memory', { ring: new SharedArrayBuffer(8) }, 'data.ring', 'SharedArrayBuffer'],
    ['a value in a map', new Map([['eye', Mesh]]), 'data.get("eye")', 'a function'],
    ['a key of a map', new Map([[Mesh, 1]]), 'data.keys()[0]', 'a function'],
    ['a member of a set', { tags: new Set([1, Mesh]) }, 'data.tags.values()[1]', 'a function'],
    ['a proxy', { view: new Proxy({}, {}) }, 'data.view', 'a Proxy'],
    ['symbol fields', { a: { [Symbol('x')]: 1 } }, 'data.a', 'symbols'],
    ['hidden fields', Object.defineProperty({}, 'x', { value: 1 }), 'data', 'not enumerable'],
    ['a field of a date', Object.assign(new Date(0), { zone: 1 }), 'data.zone', 'extra field'],
    ['a field of an array', Object.assign([1], { mesh: new Mesh() }), 'data.mesh', 'Mesh'],
    ['the inside of a trigger', { t: triggerWith(Mesh) }, 'data.t.metadata.mesh', 'a function'],
    ['a tree too deep to read', nested(100_000), 'data.d.d.d', 'nested more than'],
  ])('refuses %s and names the field', (_what, data, path, reason) => {
    const error = refusalOf(data);
    expect(error.code).toBe('VP_OBSERVATION_NOT_SERIALIZABLE');
    expect(error.message).toContain('Module "face.detect"');
    expect(error.message).toContain('frame 12');
    expect(error.message).toContain(path);
    expect(error.message).toContain(reason);
    expect(error.details).toMatchObject({ module: 'face.detect', frameId: 12 });
  });

  it('names the field when only the runtime knows that a value cannot be copied', () => {
    const buffer = new ArrayBuffer(8);
    structuredClone(buffer, { transfer: [buffer] });
    const error = refusalOf({ buffer });
    expect(error.code).toBe('VP_OBSERVATION_NOT_SERIALIZABLE');
    expect(error.message).toMatch(/: data cannot be copied/);
  });

  it('refuses a getter that throws', () => {
    const data = {
      get box(): number {
        throw new Error('not yet');
      },
    };
    expect(refusalOf(data).message).toContain('not yet');
  });

  it('writes what is nested deep, but not too deep', () => {
    deepStrictEqual(roundTrip(nested(300)), nested(300));
  });
});

describe('decodeObservation', () => {
  it('shares no memory with the record', () => {
    const bytes = encodeObservation(observationOf(Uint8Array.of(1, 2, 3)));
    const copy = decodeObservation(bytes);
    bytes.fill(0);
    expect(copy.data).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('refuses a record that is cut short at any byte', () => {
    const trigger = Trigger.point({ eventTimeNs: 5, preSec: 1, postSec: 2, label: 'x' });
    const bytes = encodeObservation(
      observationOf([
        trigger,
        new Map([[1n, new Date(0)]]),
        Float64Array.of(1),
        Object.create(null),
      ]),
    );
    for (let length = 0; length < bytes.byteLength; length++) {
      expect(() => decodeObservation(bytes.subarray(0, length))).toThrow(/is cut short/);
    }
  });

  it('refuses bytes of something else', () => {
    const bytes = Buffer.from('not an observation at all');
    expect(() => decodeObservation(bytes)).toThrow(/record of 25 bytes does not hold/);
  });
});

describe('encodeChunk', () => {
  const good = observationOf([1]);

  it('leaves out what cannot be written, and decodeChunk puts it back in its place', () => {
    const shared = { mesh: new Mesh() };
    const chunk = [good, observationOf({ shared }), good, observationOf({ again: shared })];
    const { bytes, kept } = encodeChunk(chunk);
    expect([...kept.keys()]).toEqual([1, 3]);
    const copy = decodeChunk(bytes!, kept);
    deepStrictEqual(copy, chunk);
    expect(copy[1]).toBe(chunk[1]);
  });

  it('finds the one that only the runtime knows cannot be copied', () => {
    const buffer = new ArrayBuffer(8);
    structuredClone(buffer, { transfer: [buffer] });
    const chunk = [good, observationOf(triggerWith(1)), observationOf(buffer), good];
    const { bytes, kept } = encodeChunk(chunk);
    expect([...kept.keys()]).toEqual([2]);
    deepStrictEqual(decodeChunk(bytes!, kept), chunk);
  });

  it('writes nothing if nothing can be written', () => {
    const { bytes, kept } = encodeChunk([observationOf(Mesh)]);
    expect(bytes).toBeUndefined();
    expect(kept.size).toBe(1);
  });
});

function triggerWith(mesh: unknown): Trigger {
  return Trigger.point({ eventTimeNs: 0, preSec: 0, postSec: 0, label: 't', metadata: { mesh } });
}

function nested(depth: number): object {
  let data: object = {};
  for (let index = 0; index < depth; index++) data = { d: data };
  return data;
}
