/** Deeper than any data that is meant to be read. */
const MAX_DEPTH = 50;

/**
 * A value of any kind as plain JSON: typed arrays become lists of numbers (float32 to seven
 * digits), maps objects or lists of pairs, sets lists, big integers text; NaN and infinity become
 * null, functions go.
 */
export function jsonValue(value: unknown): unknown {
  return convert(value, []);
}

function convert(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (parents.includes(value)) return '[circular]';
  if (parents.length >= MAX_DEPTH) return '[too deep]';
  const within = [...parents, value];
  if (value instanceof Float32Array) return Array.from(value, shortest);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as Uint8Array, (one) => convert(one, within));
  }
  if (value instanceof Date) return value;
  if (value instanceof Set) return Array.from(value, (one) => convert(one, within));
  if (value instanceof Map) return convertMap(value, within);
  if (Array.isArray(value)) return value.map((one) => convert(one, within));
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return convert((value.toJSON as () => unknown)(), within);
  }
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, one]) => [name, convert(one, within)]));
}

function convertMap(map: ReadonlyMap<unknown, unknown>, within: readonly object[]): unknown {
  const entries = Array.from(map, ([key, one]) => [key, convert(one, within)] as const);
  return entries.every(([key]) => typeof key === 'string')
    ? Object.fromEntries(entries as readonly (readonly [string, unknown])[])
    : entries.map(([key, one]) => [convert(key, within), one]);
}

/** A float32 in the digits that it has; as a double it would show many more. */
const shortest = (value: number): number => Number(value.toPrecision(7));
