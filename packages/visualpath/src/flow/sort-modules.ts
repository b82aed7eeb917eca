import { nameOf } from '../core/dependency.ts';
import type { AnyModule } from '../core/module.ts';

/** Modules in an order in which each comes after those it depends on. */
export interface SortedModules {
  /** Groups of modules that depend on earlier groups only; in each the order given. */
  readonly levels: readonly (readonly AnyModule[])[];
  /** Modules that depend on each other in a circle, or on one that does. */
  readonly cyclic: readonly AnyModule[];
}

/** Names of everything a module reads, required or not. */
export const dependencyNames = (module: AnyModule): string[] => [
  ...module.depends.map(nameOf),
  ...module.optionalDepends.map(nameOf),
];

/** Sorts modules by dependency. Dependencies on modules that are not in the list are ignored. */
export function sortModules(modules: readonly AnyModule[]): SortedModules {
  const present = new Set(modules.map((module) => module.name));
  const done = new Set<string>();
  const levels: AnyModule[][] = [];
  let waiting = [...modules];
  for (;;) {
    const isReady = (module: AnyModule): boolean =>
      dependencyNames(module).every((name) => !present.has(name) || done.has(name));
    const level = waiting.filter(isReady);
    if (level.length === 0) return { levels, cyclic: waiting };
    waiting = waiting.filter((module) => !level.includes(module));
    for (const module of level) done.add(module.name);
    levels.push(level);
  }
}
