import { findCircles } from '../find-circles.ts';
import type { FlowEdge, FlowNode } from '../specs.ts';
import { graphError, type GraphProblem } from './graph-problem.ts';
import { duplicatesOf } from './modules-of.ts';

/** Finds what is wrong with names of nodes and with edges: nodes that are missing, cut off or on a circle. */
export function shapeProblems(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly GraphProblem[] {
  return [
    ...nameProblems(nodes),
    ...edgeProblems(nodes, edges),
    ...reachProblems(nodes, edges),
    ...circleProblems(nodes, edges),
  ];
}

function nameProblems(nodes: readonly FlowNode[]): GraphProblem[] {
  return duplicatesOf(nodes.map((node) => node.name)).map((name) =>
    graphError(name, `two nodes are named "${name}"`, 'give each node a name of its own'),
  );
}

function edgeProblems(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphProblem[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const problems: GraphProblem[] = [];
  for (const { from, to } of edges) {
    for (const end of [from, to]) {
      if (byName.has(end)) continue;
      const message = `the edge ${from} -> ${to} names a node "${end}" that does not exist`;
      problems.push(graphError(end, message, 'add the node or correct the edge'));
    }
    if (byName.get(to)?.spec.kind === 'source') {
      const message = `the edge ${from} -> ${to} leads into the source "${to}"`;
      problems.push(graphError(to, message, 'frames come from outside: remove the edge'));
    }
  }
  const labels = edges.map(({ from, to, path }) =>
    path === undefined ? `${from} -> ${to}` : `${from} -> ${to} (path ${path})`,
  );
  for (const label of duplicatesOf(labels)) {
    problems.push(graphError('graph', `the edge ${label} is there twice`, 'remove one'));
  }
  const whole = new Set(
    edges.filter(({ path }) => path === undefined).map(({ from, to }) => keyOf(from, to)),
  );
  for (const { from, to, path } of edges) {
    if (path === undefined || !whole.has(keyOf(from, to))) continue;
    const message = `the edge ${from} -> ${to} takes items on path "${path}" already, for which there is an edge of its own: they would come twice`;
    problems.push(graphError(to, message, 'remove one of the two edges'));
  }
  return problems;
}

const keyOf = (from: string, to: string): string => JSON.stringify([from, to]);

function reachProblems(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphProblem[] {
  const sources = nodes.filter((node) => node.spec.kind === 'source').map((node) => node.name);
  if (sources.length === 0) {
    const remedy = 'add one with the builder or by hand: frames enter there';
    return [graphError('graph', 'the graph has no source node', remedy)];
  }
  const behind = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const { from, to } of edges) behind.get(from)?.push(to);
  const reached = new Set(sources);
  // A set grows while it is walked through.
  for (const name of reached) {
    for (const to of behind.get(name) ?? []) reached.add(to);
  }
  return nodes
    .filter((node) => !reached.has(node.name))
    .map(({ name }) =>
      graphError(
        name,
        `no route leads from a source to node "${name}"`,
        'connect it with an edge, or remove it',
      ),
    );
}

function circleProblems(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphProblem[] {
  const numbers = new Map<string, number>();
  for (const { name } of nodes) if (!numbers.has(name)) numbers.set(name, numbers.size);
  const numbered = edges.flatMap(({ from, to }) => {
    const ends = { from: numbers.get(from), to: numbers.get(to) };
    return ends.from === undefined || ends.to === undefined
      ? []
      : [{ from: ends.from, to: ends.to }];
  });
  const { onCircle } = findCircles(numbers.size, numbered, [...numbers.values()]);
  const circle = new Set([...onCircle].map((edge) => numbered[edge]!.from));
  return nodes
    .filter(({ name }) => circle.has(numbers.get(name)!))
    .map(({ name }) =>
      graphError(name, `node "${name}" leads back to itself`, 'remove one edge of the circle'),
    );
}
