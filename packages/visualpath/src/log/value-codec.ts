import { DefaultDeserializer, DefaultSerializer } from 'node:v8';
import { Trigger, type TriggerJson } from 'visualbase';

/**
 * What V8's format does not carry: which objects were triggers (it writes their fields as those of a
 * plain object) and which had no prototype. They travel as lists beside the value: V8 keeps
 * identity, so that the objects of a list are those in the value, and no tree is ever cloned.
 */
interface Marks {
  readonly triggers: readonly Trigger[];
  readonly bare: readonly object[];
}

/** Order is the file format. */
const VIEWS: readonly (readonly [object, (bytes: ArrayBuffer) => ArrayBufferView])[] = [
  [Int8Array.prototype, (bytes) => new Int8Array(bytes)],
  [Uint8Array.prototype, (bytes) => new Uint8Array(bytes)],
  [Uint8ClampedArray.prototype, (bytes) => new Uint8ClampedArray(bytes)],
  [Int16Array.prototype, (bytes) => new Int16Array(bytes)],
  [Uint16Array.prototype, (bytes) => new Uint16Array(bytes)],
  [Int32Array.prototype, (bytes) => new Int32Array(bytes)],
  [Uint32Array.prototype, (bytes) => new Uint32Array(bytes)],
  [Float32Array.prototype, (bytes) => new Float32Array(bytes)],
  [Float64Array.prototype, (bytes) => new Float64Array(bytes)],
  [BigInt64Array.prototype, (bytes) => new BigInt64Array(bytes)],
  [BigUint64Array.prototype, (bytes) => new BigUint64Array(bytes)],
  [DataView.prototype, (bytes) => new DataView(bytes)],
  [Buffer.prototype, (bytes) => Buffer.from(bytes)],
];
const VIEW_INDEX: ReadonlyMap<unknown, number> = new Map(
  VIEWS.map(([prototype], index) => [prototype, index]),
);

/** Writes the bytes of a view, not of the buffer behind it, which may be larger or shared. */
class ValueSerializer extends DefaultSerializer {
  // V8 calls it for everything it does not know, which includes all views.
  _writeHostObject(value: unknown): void {
    const index = VIEW_INDEX.get(Object.getPrototypeOf(value));
    if (index === undefined || !ArrayBuffer.isView(value)) {
      throw new TypeError('An object made by native code cannot be written.');
    }
    this.writeUint32(index);
    this.writeUint32(value.byteLength);
    this.writeRawBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
}

/** Gives every view a buffer of its own: Node's would keep all that was read alive for one of them. */
class ValueDeserializer extends DefaultDeserializer {
  _readHostObject(): ArrayBufferView {
    const view = VIEWS[this.readUint32()];
    if (view === undefined) throw new RangeError('The kind of a typed array is unknown.');
    const bytes = this.readRawBytes(this.readUint32());
    const own = new ArrayBuffer(bytes.byteLength);
    new Uint8Array(own).set(bytes);
    return view[1](own);
  }
}

/**
 * Serialises a value that passed a {@link ValueInspector}.
 *
 * @throws What V8 throws at the few things that only it can see, such as a detached buffer.
 */
export function serializeValue(value: unknown, marks: Marks): Buffer {
  const isPlain = marks.triggers.length === 0 && marks.bare.length === 0;
  const serializer = new ValueSerializer();
  serializer.writeHeader();
  serializer.writeValue(isPlain ? [value] : [value, marks.triggers, marks.bare]);
  return serializer.releaseBuffer();
}

/**
 * Reads what {@link serializeValue} wrote. The result holds no reference to `bytes`.
 *
 * @throws Error if the bytes are cut short or not of this format.
 */
export function deserializeValue(bytes: Uint8Array): unknown {
  const deserializer = new ValueDeserializer(bytes);
  deserializer.readHeader();
  const record: unknown = deserializer.readValue();
  if (!Array.isArray(record)) throw new TypeError('The record does not hold a list.');
  const [value, triggers = [], bare = []] = record as [unknown, PlainTrigger[]?, object[]?];
  for (const object of bare) Object.setPrototypeOf(object, null);
  return triggers.length === 0 ? value : reviveTriggers(value, triggers);
}

interface PlainTrigger extends TriggerJson {
  readonly metadata: Record<string, unknown>;
}

/** Puts real triggers in the places of their plain forms, which are recognised by identity. */
function reviveTriggers(root: unknown, plainTriggers: readonly PlainTrigger[]): unknown {
  const plain = new Map<unknown, PlainTrigger>(plainTriggers.map((json) => [json, json]));
  const revived = new Map<unknown, Trigger>();
  const revive = (value: unknown): unknown => {
    const json = plain.get(value);
    if (json === undefined) return value;
    const known = revived.get(json);
    if (known !== undefined) return known;
    // A trigger's own metadata is frozen, so triggers right in there come first.
    replaceFields(json.metadata, revive);
    const trigger = Trigger.fromJSON(json);
    revived.set(json, trigger);
    return trigger;
  };

  const seen = new Set<unknown>();
  const pending: unknown[] = [];
  const replace = (value: unknown): unknown => {
    const next = revive(value);
    if (typeof next === 'object' && next !== null && !seen.has(next)) {
      seen.add(next);
      pending.push(next);
    }
    return next;
  };
  const result = replace(root);
  while (pending.length > 0) replaceChildren(pending.pop(), replace);
  return result;
}

function replaceChildren(parent: unknown, replace: (value: unknown) => unknown): void {
  if (parent instanceof Trigger) {
    Object.values(parent.metadata).forEach(replace);
  } else if (parent instanceof Map) {
    const entries = [...(parent as Map<unknown, unknown>)];
    parent.clear();
    for (const [key, value] of entries) parent.set(replace(key), replace(value));
  } else if (parent instanceof Set) {
    const values = [...(parent as Set<unknown>)];
    parent.clear();
    for (const value of values) parent.add(replace(value));
  } else if (!ArrayBuffer.isView(parent)) {
    replaceFields(parent as Record<string, unknown>, replace);
  }
}

function replaceFields(
  fields: Record<string, unknown>,
  replace: (value: unknown) => unknown,
): void {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const next = replace(value);
    if (next !== value) fields[name] = next;
  }
}
