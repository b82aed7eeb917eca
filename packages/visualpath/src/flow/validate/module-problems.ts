import { nameOf } from '../../core/dependency.ts';
import { MAX_TIMER_MS } from '../../core/max-timer-ms.ts';
import type { AnyModule } from '../../core/module.ts';
import { dependencyNames, sortModules } from '../sort-modules.ts';
import type { FlowNode } from '../specs.ts';
import { graphError, type GraphProblem } from './graph-problem.ts';
import { duplicatesOf, modulesOf } from './modules-of.ts';

/** Finds modules of the same name, that depend on what is not there, or on each other in a circle. */
export function moduleProblems(nodes: readonly FlowNode[]): readonly GraphProblem[] {
  const sources = sourcesOfObservations(nodes);
  return [
    ...nameProblems(nodes),
    ...nodes.flatMap(badNameProblems),
    ...nodes.flatMap(limitProblems),
    ...nodes.flatMap((node) => missingProblems(node, sources)),
    ...nodes.flatMap(circleProblems),
  ];
}

/** Names under which observations are made anywhere in a graph. */
export const sourcesOfObservations = (nodes: readonly FlowNode[]): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) =>
      node.spec.kind === 'cascadeFusion'
        ? [node.spec.source ?? node.name]
        : modulesOf(node).map((module) => module.name),
    ),
  );

function missingProblems(node: FlowNode, sources: ReadonlySet<string>): GraphProblem[] {
  return modulesOf(node).flatMap((module) =>
    module.depends
      .map(nameOf)
      .filter((name) => !sources.has(name))
      .map((name) => unmetDependency(node, module, name)),
  );
}

/** The error for a dependency that is not met, on some paths or at all. */
export function unmetDependency(
  node: FlowNode,
  module: AnyModule,
  name: string,
  paths: readonly string[] = [],
): GraphProblem {
  const where = paths.length === 0 ? '' : ` on path ${paths.map((path) => `"${path}"`).join(', ')}`;
  return graphError(
    node.name,
    `module "${module.name}" depends on "${name}", which does not run before it${where}`,
    `add the module "${name}" to this node or one that all items have been to, or list it in optionalDepends`,
  );
}

function nameProblems(nodes: readonly FlowNode[]): GraphProblem[] {
  const names = nodes.flatMap((node) => modulesOf(node).map((module) => module.name));
  return duplicatesOf(names).map((name) => {
    const node = nodes.find((one) => modulesOf(one).some((module) => module.name === name));
    return graphError(
      node?.name ?? name,
      `two modules are named "${name}"`,
      'remove one, or give it another name',
    );
  });
}

/** Names become keys of objects; one of them would change what the object is. */
function badNameProblems(node: FlowNode): GraphProblem[] {
  return modulesOf(node)
    .filter(({ name }) => typeof name !== 'string' || name === '' || name === '__proto__')
    .map(({ name }) =>
      graphError(
        node.name,
        `a module cannot be named ${JSON.stringify(name)}`,
        'give it a name such as "domain.action"',
      ),
    );
}

/** Numbers of a module that the platform acts on. */
function limitProblems(node: FlowNode): GraphProblem[] {
  const problems: GraphProblem[] = [];
  for (const { name, errorPolicy, capabilities } of modulesOf(node)) {
    const demand = (
      what: string,
      value: number | string | undefined,
      isGood: boolean,
      expected: string,
    ): void => {
      if (value === undefined || isGood) return;
      const message = `\`${what}\` of module "${name}" must be ${expected}, got ${value}`;
      problems.push(graphError(node.name, message, 'correct the value, or leave it out'));
    };
    const { maxRetries, retryDelayMs, timeoutMs, fallback } = errorPolicy ?? {};
    const isWhole = (value = 0, least = 0): boolean =>
      Number.isSafeInteger(value) && value >= least;
    const isTime = (value = 0): boolean => value >= 0 && value <= MAX_TIMER_MS;
    const aTime = 'a number of milliseconds from 0, at most 24 days';
    demand('maxRetries', maxRetries, isWhole(maxRetries), 'a whole number from 0');
    demand('retryDelayMs', retryDelayMs, isTime(retryDelayMs), aTime);
    demand('timeoutMs', timeoutMs, isTime(timeoutMs), aTime);
    const isFallback = fallback !== undefined && ['skip', 'raise', 'default'].includes(fallback);
    demand('fallback', fallback, isFallback, 'one of skip, raise, default');
    const { maxBatchSize } = capabilities;
    demand('maxBatchSize', maxBatchSize, isWhole(maxBatchSize, 1), 'a whole number from 1');
  }
  return problems;
}

function circleProblems(node: FlowNode): GraphProblem[] {
  const { cyclic } = sortModules(modulesOf(node));
  if (cyclic.length === 0) return [];
  const circle = cyclic.map(
    (module) => `"${module.name}" (reads ${dependencyNames(module).join(', ')})`,
  );
  return [
    graphError(
      node.name,
      `modules depend on each other in a circle: ${circle.join(', ')}`,
      'remove one of these dependencies',
    ),
  ];
}
