import type { PluginKind } from './plugin-info.ts';

/** Something wrong with an installed plugin. It costs that plugin, never the others. */
export interface PluginProblem {
  /** Name in the package's `package.json`, or of its folder where that cannot be told. */
  readonly packageName: string;
  /** Folder of the package, absolute. */
  readonly folder: string;
  /** Kind of the one plugin that is concerned; undefined if it is the whole package. */
  readonly kind: PluginKind | undefined;
  /** Name of the one plugin that is concerned, undefined if it is the whole package. Safe to print. */
  readonly name: string | undefined;
  /** What is wrong, a clause. Safe to print: nothing in it can control a terminal. */
  readonly message: string;
  /** What to do, a clause. */
  readonly remedy: string;
}
