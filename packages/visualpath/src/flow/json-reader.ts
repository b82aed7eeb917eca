import { VisualError } from 'visualbase';
import { nearestNames } from '../plugin/nearest-names.ts';
import { quote, typeName } from '../plugin/printable.ts';
import type { JsonPlace } from './json-place.ts';

/** Copies a value of a known shape out of one of unknown origin, or throws `VP_GRAPH_BAD_JSON`. */
export type Reader<T> = (value: unknown, place: JsonPlace) => T;

/** Most items that a list and most fields that a record may have. */
export const MAX_ITEMS = 10_000;

const MAX_DEPTH = 32;

/** Makes the error about a place. `details.problem` is what is wrong, without the place. */
export function badJson(place: JsonPlace, problem: string): VisualError {
  const where = place.toString();
  return new VisualError(
    'VP_GRAPH_BAD_JSON',
    `The graph cannot be read: ${where} ${problem}. Correct that place; graphToJson() shows the form.`,
    { details: { place: where, problem } },
  );
}

const mustBe = (place: JsonPlace, expected: string, value: unknown): VisualError =>
  badJson(place, `must be ${expected}, is ${show(value)}`);

function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeName(value);
}

/** Reads a string. */
export const text: Reader<string> = (value, place) => {
  if (typeof value !== 'string') throw mustBe(place, 'a string', value);
  return value;
};

/** Reads a number that JSON can hold. */
export const number: Reader<number> = (value, place) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw mustBe(place, 'a finite number', value);
  }
  // JSON's text has no -0.
  return value + 0;
};

/** Reads `true` or `false`. */
export const flag: Reader<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw mustBe(place, 'true or false', value);
  return value;
};

/** Reads a number, a string or a boolean. */
export const scalar: Reader<number | string | boolean> = (value, place) => {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return number(value, place);
  throw mustBe(place, 'a number, a string, true or false', value);
};

/** Reads one of some values. */
export const oneOf =
  <const T extends string | number>(choices: readonly T[]): Reader<T> =>
  (value, place) => {
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const shown = choices.map((choice) => (typeof choice === 'string' ? `"${choice}"` : choice));
    throw mustBe(
      place,
      shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`,
      value,
    );
  };

/** Reads an array of at most {@link MAX_ITEMS}. */
export const list =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw mustBe(place, 'an array', value);
    allow(value.length, 'items', place);
    // Not map(): it skips holes.
    return Array.from(value, (found: unknown, i) => item(found, place.at(i)));
  };

/** Reads an object with any fields, at most {@link MAX_ITEMS}. */
export const record =
  <T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, place) => {
    const fields = ownFields(value, place);
    return Object.fromEntries(
      [...fields].map(([key, found]) => {
        if (key === '__proto__') throw badJson(place.at(key), 'must not be there');
        return [key, item(found, place.at(key))];
      }),
    );
  };

/** Reads plain data of any shape, nested at most 32 deep. */
export const anyJson: Reader<unknown> = (value, place) => readAny(value, place, MAX_DEPTH);

function readAny(value: unknown, place: JsonPlace, depth: number): unknown {
  if (value === null) return null;
  if (typeof value !== 'object') return scalar(value, place);
  if (depth === 0) throw badJson(place, `is nested more than ${MAX_DEPTH} deep`);
  const inner: Reader<unknown> = (found, at) => readAny(found, at, depth - 1);
  return Array.isArray(value) ? list(inner)(value, place) : record(inner)(value, place);
}

type RequiredKeys<T> = {
  [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? never : K;
}[keyof T];

type ReadersOf<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

/** Reads an object with these fields and no others. A field that is `undefined` counts as left out. */
export function object<T extends object>(
  required: ReadersOf<Pick<T, RequiredKeys<T>>>,
  optional: ReadersOf<Omit<T, RequiredKeys<T>>>,
): Reader<T> {
  const needed = new Map(Object.entries<Reader<unknown>>(required));
  const known = new Map([...needed, ...Object.entries<Reader<unknown>>(optional)]);
  return (value, place) => {
    const fields = ownFields(value, place);
    for (const key of fields.keys()) {
      if (!known.has(key)) throw badJson(place.at(key), notAField(key, [...known.keys()]));
    }
    for (const key of needed.keys()) {
      if (!fields.has(key)) throw badJson(place.at(key), 'is missing');
    }
    const read: [string, unknown][] = [];
    for (const [key, reader] of known) {
      if (fields.has(key)) read.push([key, reader(fields.get(key), place.at(key))]);
    }
    // The readers are those of T's fields.
    return Object.fromEntries(read) as T;
  };
}

function notAField(key: string, known: readonly string[]): string {
  const [near] = nearestNames(key, known);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  const fields = known.length === 0 ? 'no more fields' : `the fields ${known.join(', ')}`;
  return `is not known: there can be ${fields}${hint}`;
}

/** An object's own fields that are not undefined; getters are called once. */
export function ownFields(value: unknown, place: JsonPlace): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mustBe(place, 'an object', value);
  }
  const keys = Object.keys(value);
  allow(keys.length, 'fields', place);
  const fields = new Map<string, unknown>();
  for (const [key, found] of Object.entries(value)) {
    if (found !== undefined) fields.set(key, found);
  }
  return fields;
}

function allow(count: number, what: string, place: JsonPlace): void {
  if (count > MAX_ITEMS) throw badJson(place, `has ${count} ${what}, more than ${MAX_ITEMS}`);
  const most = place.spend(count);
  if (most !== undefined) throw badJson(place, `is where the graph exceeds ${most} values`);
}
