import { nameOf } from '../../core/dependency.ts';
import { MAX_TIMER_MS } from '../../core/max-timer-ms.ts';
import type { AnyModule } from '../../core/module.ts';
import { dependencyNames, sortModules } from '../sort-modules.ts';
import type { FlowNode } from '../specs.ts';
import { graphError, type GraphProblem } from './graph-problem.ts';
import { duplicatesOf, modulesOf } from './modules-of.ts';
import { showValue } from '../../plugin/printable.ts';

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

/** Names under which a node makes observations. */
export function observationNamesOf(node: FlowNode): readonly string[] {
  const { spec } = node;
  if (spec.kind === 'cascadeFusion') return [spec.source ?? node.name];
  if (spec.kind === 'custom') return namesIn(spec.sources);
  return modulesOf(node).map((module) => module.name);
}

/** Callers without types give anything; what is wrong with it is reported elsewhere. */
const namesIn = (sources: unknown): readonly string[] =>
  Array.isArray(sources) ? sources.filter((name) => typeof name === 'string') : [];

/** Names under which observations are made anywhere in a graph. */
export const sourcesOfObservations = (nodes: readonly FlowNode[]): ReadonlySet<string> =>
  new Set(nodes.flatMap(observationNamesOf));

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

/** Observations of one name and frame count as one: of several makers all but the first would be lost. */
function nameProblems(nodes: readonly FlowNode[]): GraphProblem[] {
  return duplicatesOf(nodes.flatMap(observationNamesOf)).map((name) => {
    const makers = nodes.filter((node) => observationNamesOf(node).includes(name));
    const areModules = makers.every(({ spec }) => spec.kind === 'module');
    return graphError(
      makers[0]?.name ?? name,
      areModules
        ? `two modules are named "${name}"`
        : `the nodes ${makers.map((node) => `"${node.name}"`).join(' and ')} make observations under one name, "${name}"`,
      areModules
        ? 'remove one, or give it another name'
        : 'give one of them another name, with `source` for a cascadeFusion',
    );
  });
}

/** Names become keys of objects; one of them would change what the object is. */
function badNameProblems(node: FlowNode): GraphProblem[] {
  const what = node.spec.kind === 'module' ? 'a module' : 'what a node makes';
  return observationNamesOf(node)
    .filter((name) => typeof name !== 'string' || name === '' || name === '__proto__')
    .map((name) =>
      graphError(
        node.name,
        `${what} cannot be named ${showValue(name)}`,
        'give it a name such as "domain.action"',
      ),
    );
}

/** Numbers of a module that the platform acts on. */
function limitProblems(node: FlowNode): GraphProblem[] {
  const problems: GraphProblem[] = [];
  for (const { name, errorPolicy, capabilities } of modulesOf(node)) {
    const demand = (what: string, value: unknown, isGood: boolean, expected: string): void => {
      if (value === undefined || isGood) return;
      const message = `\`${what}\` of module "${name}" must be ${expected}, got ${showValue(value)}`;
      problems.push(graphError(node.name, message, 'correct the value, or leave it out'));
    };
    const { maxRetries, retryDelayMs, timeoutMs, fallback } = errorPolicy ?? {};
    const isWhole = (value = 0, least = 0): boolean =>
      Number.isSafeInteger(value) && value >= least;
    const isTime = (value = 0): boolean =>
      Number.isFinite(value) && value >= 0 && value <= MAX_TIMER_MS;
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
