import { nameOf } from '../core/dependency.ts';
import type { AnyModule } from '../core/module.ts';
import type { FlowEdge, FlowNode } from './specs.ts';
import { dependencyNames, sortModules } from './sort-modules.ts';

/** One thing wrong with a graph: where, what, and how to mend it. */
export interface GraphProblem {
  readonly severity: 'error' | 'warning';
  readonly node: string;
  readonly message: string;
  readonly remedy: string;
}

const modulesOf = (node: FlowNode): readonly AnyModule[] =>
  node.spec.kind === 'module' ? node.spec.modules : [];

/** Finds everything that is wrong with a graph, errors first. */
export function validateGraph(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly GraphProblem[] {
  const problems = [
    ...nodeNameProblems(nodes),
    ...routeProblems(nodes, edges),
    ...moduleNameProblems(nodes),
    ...nodes.flatMap((node) => dependencyProblems(node, nodes, edges)),
  ];
  return problems.sort(
    (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
  );
}

function nodeNameProblems(nodes: readonly FlowNode[]): GraphProblem[] {
  return duplicates(nodes.map((node) => node.name)).map((name) => ({
    severity: 'error',
    node: name,
    message: `two nodes are named "${name}"`,
    remedy: 'give each node a name of its own',
  }));
}

function moduleNameProblems(nodes: readonly FlowNode[]): GraphProblem[] {
  const names = nodes.flatMap((node) => modulesOf(node).map((module) => module.name));
  return duplicates(names).map((name) => ({
    severity: 'error',
    node:
      nodes.find((node) => modulesOf(node).some((module) => module.name === name))?.name ?? name,
    message: `two modules are named "${name}"`,
    remedy: 'remove one, or rename it',
  }));
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

function routeProblems(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): GraphProblem[] {
  const problems: GraphProblem[] = [];
  const names = new Set(nodes.map((node) => node.name));
  for (const edge of edges) {
    for (const end of [edge.from, edge.to]) {
      if (names.has(end)) continue;
      problems.push({
        severity: 'error',
        node: end,
        message: `the edge ${edge.from} -> ${edge.to} names a node "${end}" that does not exist`,
        remedy: 'add the node or correct the edge',
      });
    }
  }
  const sources = nodes.filter((node) => node.spec.kind === 'source').map((node) => node.name);
  if (sources.length === 0) {
    problems.push({
      severity: 'error',
      node: 'graph',
      message: 'the graph has no source node',
      remedy: 'add one with the builder or by hand: frames enter there',
    });
    return problems;
  }
  const reached = reachableFrom(sources, edges);
  for (const node of nodes) {
    if (reached.has(node.name)) continue;
    problems.push({
      severity: 'error',
      node: node.name,
      message: `no route leads from a source to node "${node.name}"`,
      remedy: 'connect it with an edge, or remove it',
    });
  }
  for (const node of nodes) {
    if (!reachableFrom(successors(node.name, edges), edges).has(node.name)) continue;
    problems.push({
      severity: 'error',
      node: node.name,
      message: `node "${node.name}" leads back to itself`,
      remedy: 'remove one edge of the circle',
    });
  }
  return problems;
}

const successors = (name: string, edges: readonly FlowEdge[]): string[] =>
  edges.filter((edge) => edge.from === name).map((edge) => edge.to);

function reachableFrom(starts: readonly string[], edges: readonly FlowEdge[]): Set<string> {
  const reached = new Set<string>();
  const open = [...starts];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...successors(name, edges));
  }
  return reached;
}

/** Dependencies must be met by the node itself or by what lies upstream of it. */
function dependencyProblems(
  node: FlowNode,
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): GraphProblem[] {
  const modules = modulesOf(node);
  const upstream = nodes.filter(
    (other) => other === node || reachableFrom([other.name], edges).has(node.name),
  );
  const available = new Set(upstream.flatMap((other) => modulesOf(other).map((m) => m.name)));
  const problems: GraphProblem[] = [];
  for (const module of modules) {
    for (const name of module.depends.map(nameOf)) {
      if (available.has(name)) continue;
      problems.push({
        severity: 'error',
        node: node.name,
        message: `module "${module.name}" depends on "${name}", which does not run before it`,
        remedy: `add the module "${name}" to the run, or list it in optionalDepends`,
      });
    }
  }
  const { cyclic } = sortModules(modules);
  if (cyclic.length > 0) {
    const circle = cyclic.map(
      (module) => `"${module.name}" (reads ${dependencyNames(module).join(', ')})`,
    );
    problems.push({
      severity: 'error',
      node: node.name,
      message: `modules depend on each other in a circle: ${circle.join(', ')}`,
      remedy: 'remove one of these dependencies',
    });
  }
  return problems;
}
