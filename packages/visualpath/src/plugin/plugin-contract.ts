import type { PluginKind } from './plugin-info.ts';
import { quote, typeName } from './printable.ts';

/** What a value must have to be a plugin of one kind. */
export interface PluginContract {
  readonly kind: PluginKind;
  /** The method that makes the kind; a function with it on its prototype is a class. */
  readonly method: string;
  readonly methods: readonly string[];
  readonly arrays: readonly string[];
  /** How to get it right, a clause. */
  readonly remedy: string;
}

/** What the platform calls on any module, and reads before it does. */
export const MODULE_CONTRACT: PluginContract = {
  kind: 'module',
  method: 'process',
  methods: ['process', 'initialize', 'cleanup'],
  arrays: ['depends', 'optionalDepends'],
  remedy: 'extend Module or use defineModule',
};

/** What an `ExecutionBackend` has besides its name. */
export const BACKEND_CONTRACT: PluginContract = {
  kind: 'backend',
  method: 'execute',
  methods: ['execute'],
  arrays: [],
  remedy: 'implement ExecutionBackend',
};

/**
 * Says what a value lacks to be the plugin of this name; undefined if nothing. The shape decides, not
 * `instanceof`: a plugin may come with its own copy of visualpath.
 */
export function findFault(
  contract: PluginContract,
  name: string,
  value: unknown,
): string | undefined {
  const { kind, remedy } = contract;
  if (typeof value !== 'object' || value === null) {
    return `it is ${typeName(value)} and not a ${kind}; ${remedy}`;
  }
  const get = (key: string): unknown =>
    key in value ? value[key as keyof typeof value] : undefined;
  const lacking = [
    ...contract.methods.filter((key) => typeof get(key) !== 'function').map((key) => `${key}()`),
    ...contract.arrays.filter((key) => !Array.isArray(get(key))).map((key) => `the array ${key}`),
  ];
  if (lacking.length > 0) return `it is no ${kind}, for it lacks ${lacking.join(', ')}; ${remedy}`;
  const actual = get('name');
  if (actual === name) return undefined;
  const shown = typeof actual === 'string' ? quote(actual) : typeName(actual);
  return `its \`name\` is ${shown}; the two must be the same, as other modules and results go by it`;
}

/**
 * Tells a class from a factory function. A class is a function with a `prototype` of its own that is
 * written with `class`, or whose prototype has the method that makes the kind (`process` of a module,
 * `execute` of a backend), such as a class compiled to plain functions. Anything else that can be
 * called is a factory: arrow functions, async functions and methods have no `prototype`, other
 * functions lack the method.
 */
export function isClass(contract: PluginContract, value: object): boolean {
  if (!Object.hasOwn(value, 'prototype')) return false;
  if (/^class\b/.test(Function.prototype.toString.call(value))) return true;
  const prototype: unknown = Reflect.get(value, 'prototype');
  return typeof prototype === 'object' && prototype !== null && contract.method in prototype;
}
