import { sortNodes } from '../sort-nodes.ts';
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
  return problems;
}

function reachProblems(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphProblem[] {
  const sources = nodes.filter((node) => node.spec.kind === 'source').map((node) => node.name);
  if (sources.length === 0) {
    const remedy = 'add one with the builder or by hand: frames enter there';
    return [graphError('graph', 'the graph has no source node', remedy)];
  }
  const reached = new Set(sources);
  // A set grows while it is walked through.
  for (const name of reached) {
    for (const edge of edges) if (edge.from === name) reached.add(edge.to);
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
  const sorted = new Set(sortNodes(nodes, edges).map(({ name }) => name));
  // Nodes behind a circle cannot be sorted either: leave out what leads nowhere but to the end.
  let circle = nodes.filter(({ name }) => !sorted.has(name));
  for (;;) {
    const names = new Set(circle.map(({ name }) => name));
    const rest = circle.filter(({ name }) =>
      edges.some((edge) => edge.from === name && names.has(edge.to)),
    );
    if (rest.length === circle.length) break;
    circle = rest;
  }
  return circle.map(({ name }) =>
    graphError(name, `node "${name}" leads back to itself`, 'remove one edge of the circle'),
  );
}
