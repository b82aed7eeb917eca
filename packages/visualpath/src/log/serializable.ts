import { types } from 'node:util';
import { Trigger } from 'visualbase';

/** Why a value cannot be written, and where it sits: `data.faces[3].render` and `is a function`. */
export interface SerializeProblem {
  /** Path from the inspected value; empty for the value itself. */
  readonly path: string;
  /** Continues a sentence that starts with the path. */
  readonly reason: string;
}

type Kind = 'record' | 'bare' | 'array' | 'map' | 'set' | 'buffer' | 'leaf' | 'trigger';

// V8 writes an instance of an unknown class as a plain object and says nothing; so only these pass.
const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  [Object.prototype, 'record'],
  [null, 'bare'],
  [Array.prototype, 'array'],
  [Map.prototype, 'map'],
  [Set.prototype, 'set'],
  [Date.prototype, 'leaf'],
  [ArrayBuffer.prototype, 'leaf'],
  [Trigger.prototype, 'trigger'],
  ...[
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Buffer, Int16Array, Uint16Array, Int32Array],
    ...[Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView],
  ].map(({ prototype }): [unknown, Kind] => [prototype, 'buffer']),
]);

// Reading takes more stack than writing: what is written must not be too deep to come back.
const MAX_DEPTH = 400;

// To list the names of a long array takes longer than to write it, and nobody hangs fields on one.
const MAX_NAMED_ITEMS = 64;

/**
 * Looks through values for what would not survive being written, and notes the objects that need
 * help to come back as they were. Inspects any number of values, one after the other.
 */
export class ValueInspector {
  /** Every {@link Trigger} in the values that passed; one may be listed twice. */
  readonly triggers: Trigger[] = [];
  /** Every object without a prototype in the values that passed; one may be listed twice. */
  readonly bare: object[] = [];
  readonly #seen = new Set<object>();

  /** @returns What stands in the way, or undefined if the value can be written without loss. */
  inspect(value: unknown): SerializeProblem | undefined {
    const { triggers, bare } = this;
    const before = [triggers.length, bare.length] as const;
    const problem = this.#tryVisit(value);
    // An object that a failed value shares with a good one must be looked at again.
    this.#seen.clear();
    if (problem === undefined) return undefined;
    triggers.length = before[0];
    bare.length = before[1];
    return { path: problem.path.replace(/^\./, ''), reason: problem.reason };
  }

  #tryVisit(value: unknown): SerializeProblem | undefined {
    try {
      return this.#visit(value, 0);
    } catch (error) {
      return { path: '', reason: `cannot be read (${String(error)})` };
    }
  }

  #visit(value: unknown, depth: number): SerializeProblem | undefined {
    if (typeof value === 'function') return { path: '', reason: 'is a function' };
    if (typeof value === 'symbol') return { path: '', reason: 'is a symbol' };
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return undefined;
    if (types.isProxy(value)) return { path: '', reason: 'is a Proxy' };
    if (depth > MAX_DEPTH) return { path: '', reason: `is nested more than ${MAX_DEPTH} deep` };
    this.#seen.add(value);
    const kind = KINDS.get(Object.getPrototypeOf(value));
    switch (kind) {
      case 'buffer':
        return undefined;
      case 'record':
        return this.#visitFields(value, depth);
      case 'array':
        return this.#visitArray(value, depth);
      case 'bare':
        this.bare.push(value);
        return this.#visitFields(value, depth);
      case 'trigger':
        this.triggers.push(value as Trigger);
        return this.#visitFields(value, depth);
      case 'map':
        return refuseFields(value) ?? this.#visitMap(value as Map<unknown, unknown>, depth);
      case 'set':
        return refuseFields(value) ?? this.#visitSet(value as Set<unknown>, depth);
      case 'leaf':
        return refuseFields(value);
      case undefined:
        return { path: '', reason: `is an instance of ${classNameOf(value)}` };
    }
  }

  #visitFields(value: object, depth: number): SerializeProblem | undefined {
    const fields = value as Readonly<Record<string, unknown>>;
    const names = Object.keys(fields);
    for (const name of names) {
      const field = fields[name];
      if (isPrimitive(field)) continue;
      const problem = this.#visit(field, depth + 1);
      if (problem !== undefined) return inside(fieldPath(name), problem);
    }
    if (Object.getOwnPropertyNames(value).length !== names.length) {
      return { path: '', reason: 'has fields that are not enumerable' };
    }
    if (Object.getOwnPropertySymbols(value).length > 0) {
      return { path: '', reason: 'has fields that are named by symbols' };
    }
    return undefined;
  }

  #visitArray(value: object, depth: number): SerializeProblem | undefined {
    const items = value as readonly unknown[];
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (isPrimitive(item)) continue;
      const problem = this.#visit(item, depth + 1);
      if (problem !== undefined) return inside(`[${index}]`, problem);
    }
    return items.length > MAX_NAMED_ITEMS ? undefined : this.#visitNames(items, depth);
  }

  /** The fields that an array has beside its items, as the matches of a RegExp do. */
  #visitNames(items: readonly unknown[], depth: number): SerializeProblem | undefined {
    const fields = items as unknown as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(items).reverse()) {
      if (/^\d/.test(name)) break;
      const problem = this.#visit(fields[name], depth + 1);
      if (problem !== undefined) return inside(fieldPath(name), problem);
    }
    return undefined;
  }

  #visitMap(map: ReadonlyMap<unknown, unknown>, depth: number): SerializeProblem | undefined {
    let index = 0;
    for (const [key, item] of map) {
      const keyProblem = this.#visit(key, depth + 1);
      if (keyProblem !== undefined) return inside(`.keys()[${index}]`, keyProblem);
      const problem = this.#visit(item, depth + 1);
      if (problem !== undefined) {
        const name = typeof key === 'object' ? `.values()[${index}]` : `.get(${show(key)})`;
        return inside(name, problem);
      }
      index++;
    }
    return undefined;
  }

  #visitSet(set: ReadonlySet<unknown>, depth: number): SerializeProblem | undefined {
    let index = 0;
    for (const item of set) {
      const problem = this.#visit(item, depth + 1);
      if (problem !== undefined) return inside(`.values()[${index}]`, problem);
      index++;
    }
    return undefined;
  }
}

/** Fields that someone hung on a Map, a Date and so on are not written. */
function refuseFields(value: object): SerializeProblem | undefined {
  const [name] = Object.keys(value);
  if (name === undefined) return undefined;
  return { path: fieldPath(name), reason: `is an extra field of a ${classNameOf(value)}` };
}

// Most of what there is; a call less for each.
const isPrimitive = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';

const inside = (step: string, problem: SerializeProblem): SerializeProblem => ({
  path: step + problem.path,
  reason: problem.reason,
});

const fieldPath = (name: string): string =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;

const show = (key: unknown): string =>
  typeof key === 'string' ? JSON.stringify(key) : String(key);

function classNameOf(value: object): string {
  const maker: unknown = (Object.getPrototypeOf(value) as { constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'an unnamed class';
}
