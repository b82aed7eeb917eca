import { inspect } from 'node:util';

/** Where two values differ. */
export interface Difference {
  /** Such as `data.faces[0].box.x1`; empty for the values themselves. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What counts as the same, besides what is the same bit for bit. */
export interface Sameness {
  /** Ids may be other ones, if each stands for the same one throughout. Default: they may not. */
  readonly renames?: IdRenames;
}

/** Which ids of one run stand for which of another; one to one, for each field of its own. */
export class IdRenames {
  readonly #there = new Map<string, unknown>();
  readonly #back = new Map<string, unknown>();

  /** Tells whether `actual` may stand for `expected` in a field, and holds on to it. */
  accept(field: string, expected: unknown, actual: unknown): boolean {
    const [from, to] = [`${field} ${String(expected)}`, `${field} ${String(actual)}`];
    if (this.#there.has(from) || this.#back.has(to)) {
      return this.#there.get(from) === actual && this.#back.get(to) === expected;
    }
    this.#there.set(from, actual);
    this.#back.set(to, expected);
    return true;
  }
}

/** Finds the first place in which two snapshots differ; undefined if they are the same bit for bit. */
export function firstDifference(
  expected: unknown,
  actual: unknown,
  sameness: Sameness = {},
): Difference | undefined {
  const found = compare(expected, actual, '', sameness, new Set());
  return found && { ...found, path: found.path.replace(/^\./, '') };
}

/** Says a difference in words: `data.x: 1 instead of 2`. */
export const describeDifference = ({ path, expected, actual }: Difference): string =>
  `${path === '' ? 'the result' : path} is ${show(actual)} instead of ${show(expected)}`;

/** A value on one line, cut where it gets long. */
export function show(value: unknown): string {
  if (typeof value === 'string' && value.length <= 80) return JSON.stringify(value);
  const text = inspect(value, {
    depth: 3,
    maxArrayLength: 6,
    maxStringLength: 80,
    breakLength: Infinity,
  });
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

function compare(
  expected: unknown,
  actual: unknown,
  path: string,
  sameness: Sameness,
  seen: Set<object>,
): Difference | undefined {
  const idField = sameness.renames === undefined ? undefined : idFieldOf(path);
  if (idField !== undefined && !isObject(expected) && typeof expected === typeof actual) {
    // Also an id that stayed itself takes its place, so that no other can be renamed to it.
    const isSame = sameness.renames?.accept(idField, expected, actual);
    return isSame === true ? undefined : { path, expected, actual };
  }
  if (Object.is(expected, actual)) return undefined;
  if (!isObject(expected) || !isObject(actual)) return { path, expected, actual };
  if (seen.has(expected)) return undefined;
  seen.add(expected);
  if (Object.getPrototypeOf(expected) !== Object.getPrototypeOf(actual)) {
    return { path, expected, actual };
  }
  if (expected instanceof Date) {
    const isSame = expected.getTime() === (actual as Date).getTime();
    return isSame ? undefined : { path, expected, actual };
  }
  if (ArrayBuffer.isView(expected)) {
    return compareItems(expected as Uint8Array, actual as Uint8Array, path);
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const name of names) {
    const inner = Array.isArray(expected) ? `${path}[${name}]` : `${path}.${name}`;
    const [left, right] = [fieldOf(expected, name), fieldOf(actual, name)];
    const found = compare(left, right, inner, sameness, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function compareItems(
  expected: ArrayLike<unknown>,
  actual: ArrayLike<unknown>,
  path: string,
): Difference | undefined {
  if (expected.length !== actual.length) {
    return { path: `${path}.length`, expected: expected.length, actual: actual.length };
  }
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(expected[i], actual[i])) continue;
    return { path: `${path}[${i}]`, expected: expected[i], actual: actual[i] };
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const fieldOf = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined;

/** Names the field if it holds an id: `trackId`, `main_face_track_id`, `ids[2]`; not the frame's. */
function idFieldOf(path: string): string | undefined {
  const field = /([\w$]+)(?:\[\d+\])?$/.exec(path)?.[1];
  if (field === undefined || path === '.frameId') return undefined;
  return /(?:^id|Id|_id)s?$/.test(field) ? field : undefined;
}
