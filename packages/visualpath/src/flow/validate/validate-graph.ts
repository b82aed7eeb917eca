import type { FlowEdge, FlowNode } from '../specs.ts';
import { capabilityWarnings } from './capability-warnings.ts';
import { graphError, type GraphProblem } from './graph-problem.ts';
import { moduleProblems } from './module-problems.ts';
import { pathProblems } from './path-problems.ts';
import { portWarnings } from './port-warnings.ts';
import { shapeProblems } from './shape-problems.ts';
import { showValue } from '../../plugin/printable.ts';
import { specProblems } from './spec-problems.ts';

/** Finds everything that is wrong with a graph, errors first. */
export function validateGraph(
  allNodes: readonly FlowNode[],
  allEdges: readonly FlowEdge[],
): readonly GraphProblem[] {
  const nodes = allNodes.filter(isNode);
  const edges = allEdges.filter(isEdge);
  const forms = [
    ...formProblems(allNodes, isNode, 'a node must be { name, spec }'),
    ...formProblems(allEdges, isEdge, 'an edge must be { from, to, path }'),
  ];
  const shape = [...forms, ...shapeProblems(nodes, edges)];
  const specs = nodes.flatMap(specProblems);
  const modules = moduleProblems(nodes);
  // What flows where can only be told of a graph whose nodes and edges are sound.
  const isSound = [...shape, ...specs].every(({ severity }) => severity !== 'error');
  const paths = isSound ? pathProblems(nodes, edges) : [];
  const problems = [
    ...shape,
    ...specs,
    ...modules,
    ...paths,
    ...portWarnings(nodes),
    ...capabilityWarnings(nodes),
  ];
  return problems.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ severity }: GraphProblem): number => (severity === 'error' ? 0 : 1);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isNode = (value: unknown): value is FlowNode => {
  if (!isObject(value)) return false;
  const { name, spec } = value as Partial<FlowNode>;
  return typeof name === 'string' && isObject(spec);
};

const isEdge = (value: unknown): value is FlowEdge => {
  if (!isObject(value)) return false;
  const { from, to } = value as Partial<FlowEdge>;
  return typeof from === 'string' && typeof to === 'string';
};

/** What callers without types give that is no part of a graph at all. */
function formProblems(
  values: readonly unknown[],
  isGood: (value: unknown) => boolean,
  message: string,
): GraphProblem[] {
  return values
    .filter((value) => !isGood(value))
    .map((value) => graphError('graph', `${message}, got ${showValue(value)}`, 'correct it'));
}
