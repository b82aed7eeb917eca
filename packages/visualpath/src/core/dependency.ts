import type { Observation, ObservationInit } from './observation.ts';

/**
 * Types of the data of modules that are named by string. Each plugin adds its own:
 *
 * ```ts
 * declare module 'visualpath' {
 *   interface ModuleOutputs { 'face.detect': FaceDetectData }
 * }
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface ModuleOutputs {}

/** The least that a module must have to be depended on by value. */
export interface Dependable {
  readonly name: string;
  process(...args: never): unknown;
}

/** A dependency: the name of a module, or the module itself. */
export type Dependency = string | Dependable;

/** Options for dependencies by their name, such as `{ 'face.detect': { mesh: true } }`. */
export type DependencyOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Name of a dependency, as a literal type. */
export type NameOf<D extends Dependency> = D extends string
  ? D
  : D extends { readonly name: infer N extends string }
    ? N
    : never;

type ResultData<R> = NonNullable<Awaited<R>> extends ObservationInit<infer T> ? T : unknown;

/** Type of the data of a dependency's observations. */
export type DataOf<D extends Dependency> = D extends keyof ModuleOutputs
  ? ModuleOutputs[D]
  : D extends { process(...args: never): infer R }
    ? ResultData<R>
    : unknown;

/**
 * What `process` gets from the modules it depends on, by name. Required ones are always there: a
 * frame for which one of them saw nothing does not reach the module. Optional ones may be undefined.
 */
export type DepsOf<
  D extends readonly Dependency[] = readonly [],
  O extends readonly Dependency[] = readonly [],
> = {
  readonly [K in D[number] as NameOf<K>]: Observation<DataOf<K>>;
} & {
  readonly [K in O[number] as NameOf<K>]: Observation<DataOf<K>> | undefined;
};

/** Name of a dependency at run time. */
export const nameOf = (dependency: Dependency): string =>
  typeof dependency === 'string' ? dependency : dependency.name;
