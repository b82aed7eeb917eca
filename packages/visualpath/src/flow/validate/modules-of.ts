import type { AnyModule } from '../../core/module.ts';
import type { FlowNode } from '../specs.ts';

/** Modules of a node, as far as they are some; none if it is no module node. */
export function modulesOf({ spec }: FlowNode): readonly AnyModule[] {
  if (spec.kind !== 'module') return [];
  const { modules } = spec;
  if (isModuleList(modules)) return modules;
  return Array.isArray(modules) ? (modules as readonly unknown[]).filter(isModule) : [];
}

/** Tells modules from whatever callers without types give. */
export const isModuleList = (value: unknown): value is readonly AnyModule[] =>
  Array.isArray(value) && Array.from<unknown>(value).every(isModule);

function isModule(value: unknown): value is AnyModule {
  if (typeof value !== 'object' || value === null) return false;
  const { process, depends, optionalDepends, capabilities } = value as Partial<AnyModule>;
  return (
    typeof process === 'function' &&
    areDependencies(depends) &&
    areDependencies(optionalDepends) &&
    typeof capabilities === 'object' &&
    (capabilities as unknown) !== null &&
    Array.isArray(capabilities.flags)
  );
}

const areDependencies = (value: unknown): boolean =>
  Array.isArray(value) &&
  Array.from<unknown>(value).every(
    (one) => typeof one === 'string' || (typeof one === 'object' && one !== null && 'name' in one),
  );

/** Names that occur more than once, each once. */
export function duplicatesOf(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) duplicates.add(name);
    seen.add(name);
  }
  return [...duplicates];
}
