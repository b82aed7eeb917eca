import { hasCapability, resourceGroupsOf } from './capabilities.ts';
import { isolationLevelOf, type IsolationConfig, type IsolationLevel } from './isolation.ts';
import type { AnyModule } from './module.ts';

/** Something that keeps modules from running together as planned. */
export interface CompatibilityIssue {
  readonly kind: 'resource-conflict' | 'gpu-memory' | 'zero-copy' | 'cross-host';
  /** Names of the modules concerned. */
  readonly modules: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** What {@link checkCompatibility} found. */
export interface CompatibilityReport {
  readonly isCompatible: boolean;
  readonly issues: readonly CompatibilityIssue[];
}

/** Options of {@link checkCompatibility}. */
export interface CompatibilityOptions {
  /** Where modules run. Default: all in one process. */
  readonly isolation?: IsolationConfig | undefined;
  /** Memory of the GPU. Default: not checked. */
  readonly gpuMemoryMb?: number | undefined;
}

const IN_PROCESS: readonly IsolationLevel[] = ['inline', 'thread'];

/**
 * Checks whether modules can run together: at most one user of each resource group in a process, GPU
 * memory enough for all, pixels without a copy and host for those that need them.
 */
export function checkCompatibility(
  modules: readonly AnyModule[],
  options: CompatibilityOptions = {},
): CompatibilityReport {
  const issues = [
    ...resourceConflicts(modules, options.isolation),
    ...gpuMemoryIssues(modules, options.gpuMemoryMb),
    ...modules.flatMap((module) => placeIssues(module, options.isolation)),
  ];
  return { isCompatible: issues.length === 0, issues };
}

/**
 * Works out which modules to put into processes of their own so that no resource group has two users
 * in one process: of those that share a group the first stays, the others move.
 *
 * @param base - What is asked for already; modules that it isolates stay where it puts them.
 * @returns `base` itself if nothing has to move.
 */
export function buildConflictIsolation(
  modules: readonly AnyModule[],
  base?: IsolationConfig,
): IsolationConfig | undefined {
  const moved: [string, IsolationLevel][] = [];
  const taken = new Set<string>();
  for (const module of modules) {
    if (!IN_PROCESS.includes(isolationLevelOf(base, module.name))) continue;
    const groups = resourceGroupsOf(module);
    if (groups.some((group) => taken.has(group))) moved.push([module.name, 'process']);
    else for (const group of groups) taken.add(group);
  }
  if (moved.length === 0) return base;
  return { ...base, overrides: { ...base?.overrides, ...Object.fromEntries(moved) } };
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function resourceConflicts(
  modules: readonly AnyModule[],
  isolation: IsolationConfig | undefined,
): CompatibilityIssue[] {
  const users = new Map<string, string[]>();
  for (const module of modules) {
    if (!IN_PROCESS.includes(isolationLevelOf(isolation, module.name))) continue;
    for (const group of resourceGroupsOf(module)) {
      users.set(group, [...(users.get(group) ?? []), module.name]);
    }
  }
  return [...users]
    .filter(([, names]) => names.length > 1)
    .map(([group, names]) => ({
      kind: 'resource-conflict',
      modules: names,
      message: `the modules ${quoted(names)} need the resource "${group}" in one process, which takes only one user`,
      remedy: 'isolate all but one: profile "platform" does so by itself',
    }));
}

function gpuMemoryIssues(
  modules: readonly AnyModule[],
  gpuMemoryMb: number | undefined,
): CompatibilityIssue[] {
  const users = modules.filter((module) => module.capabilities.gpuMemoryMb !== undefined);
  const neededMb = users.reduce((sum, module) => sum + module.capabilities.gpuMemoryMb!, 0);
  if (gpuMemoryMb === undefined || neededMb <= gpuMemoryMb) return [];
  const names = users.map((module) => module.name);
  return [
    {
      kind: 'gpu-memory',
      modules: names,
      message: `the modules ${quoted(names)} need ${neededMb} MB of GPU memory together, there are ${gpuMemoryMb} MB`,
      remedy: 'run fewer of them at a time, or choose smaller models',
    },
  ];
}

function placeIssues(
  module: AnyModule,
  isolation: IsolationConfig | undefined,
): CompatibilityIssue[] {
  if (isolationLevelOf(isolation, module.name) !== 'remote') return [];
  const issues: CompatibilityIssue[] = [];
  const add = (kind: CompatibilityIssue['kind'], what: string, remedy: string): void => {
    const message = `the module "${module.name}" is to run on another host, but ${what}`;
    issues.push({ kind, modules: [module.name], message, remedy });
  };
  if (hasCapability(module, 'NEEDS_ZERO_COPY')) {
    add('zero-copy', 'needs pixels without a copy', 'isolate it at most in a process');
  }
  if (!hasCapability(module, 'CROSS_HOST_OK')) {
    add('cross-host', 'does not declare CROSS_HOST_OK', 'isolate it at most in a process');
  }
  return issues;
}
