import type { FlowEdge, FlowNode } from '../specs.ts';
import { capabilityWarnings } from './capability-warnings.ts';
import type { GraphProblem } from './graph-problem.ts';
import { moduleProblems } from './module-problems.ts';
import { pathProblems } from './path-problems.ts';
import { portWarnings } from './port-warnings.ts';
import { shapeProblems } from './shape-problems.ts';
import { specProblems } from './spec-problems.ts';

/** Finds everything that is wrong with a graph, errors first. */
export function validateGraph(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly GraphProblem[] {
  const shape = shapeProblems(nodes, edges);
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
