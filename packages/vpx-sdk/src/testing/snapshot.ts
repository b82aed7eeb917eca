import { Frame, Trigger } from 'visualbase';

/** Stands in a snapshot for something that is no plain data. */
interface Foreign {
  readonly foreign: string;
}

/**
 * Copies a value as it is now, so that it can be compared later whatever becomes of the original. What
 * is no plain data (functions, instances of classes) is replaced by its name.
 */
export function snapshot(value: unknown): unknown {
  return copy(value, new Map());
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return foreign(typeof value);
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return copyBytes(value);
  if (value instanceof Date) return new Date(value);
  if (value instanceof Frame) return foreign('Frame');
  if (value instanceof Trigger) return copyFields({ ...value.toJSON() }, value, seen);
  if (Array.isArray(value)) return copyItems(value, value, [], seen);
  if (value instanceof Set) return copyItems(value, [...value], [], seen);
  if (value instanceof Map) return copyItems(value, [...value].flat(), [], seen);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return copyFields(value, value, seen);
  return foreign((prototype as { constructor?: { name?: string } }).constructor?.name ?? 'class');
}

const foreign = (name: string): Foreign => ({ foreign: name });

function copyBytes(value: ArrayBufferView | ArrayBuffer): unknown {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  return (value as Uint8Array).slice();
}

function copyItems(
  original: object,
  items: readonly unknown[],
  into: unknown[],
  seen: Map<object, unknown>,
): unknown[] {
  seen.set(original, into);
  for (const item of items) into.push(copy(item, seen));
  return into;
}

function copyFields(from: object, original: object, seen: Map<object, unknown>): object {
  const into: Record<string, unknown> = {};
  seen.set(original, into);
  for (const [name, field] of Object.entries(from)) into[name] = copy(field, seen);
  return into;
}
