import { nameOf } from '../../core/dependency.ts';
import type { FlowEdge, FlowNode } from '../specs.ts';
import { graphError, graphWarning, type GraphProblem } from './graph-problem.ts';
import { observationNamesOf, sourcesOfObservations, unmetDependency } from './module-problems.ts';
import { modulesOf } from './modules-of.ts';
import { followPaths, type NodeTraffic, type TrafficByPath } from './path-flow.ts';

/**
 * Finds what is wrong with the ways that items take through a sound graph: edges and joins for paths
 * on which nothing comes, paths that end nowhere, dependencies that are not met on some route.
 */
export function pathProblems(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly GraphProblem[] {
  const traffic = followPaths(nodes, edges);
  const known = sourcesOfObservations(nodes);
  return [
    ...edges.flatMap((edge) => edgeProblems(edge, traffic)),
    ...nodes.flatMap((node) => {
      const there = traffic.get(node.name)!;
      return [
        ...joinProblems(node, there),
        ...deadEndWarnings(node, there, edges),
        ...dependencyProblems(node, there, known),
        ...originProblems(node, there),
      ];
    }),
  ];
}

const list = (paths: TrafficByPath): string =>
  paths.size === 0 ? 'nothing' : [...paths.keys()].map((path) => `"${path}"`).join(', ');

function edgeProblems(
  { from, to, path }: FlowEdge,
  traffic: ReadonlyMap<string, NodeTraffic>,
): GraphProblem[] {
  const { leaving } = traffic.get(from)!;
  if (path === undefined || leaving.has(path)) return [];
  return [
    graphError(
      to,
      `the edge ${from} -> ${to} is for path "${path}", but "${from}" gives ${list(leaving)}`,
      'correct the path of the edge',
    ),
  ];
}

function joinProblems({ name, spec }: FlowNode, { arriving }: NodeTraffic): GraphProblem[] {
  if (spec.kind !== 'join') return [];
  const problems = spec.paths
    .filter((path) => !arriving.has(path))
    .map((path) =>
      graphError(
        name,
        `join "${name}" waits for path "${path}", which nothing that leads to it produces (${list(arriving)} arrives)`,
        'correct the path, or connect what produces it',
      ),
    );
  for (const path of arriving.keys()) {
    if (spec.paths.includes(path)) continue;
    const message = `items on path "${path}" arrive at join "${name}", which is not for them`;
    problems.push(graphWarning(name, message, 'add the path to the join, or to the edge'));
  }
  return problems;
}

function deadEndWarnings(
  { name }: FlowNode,
  { leaving }: NodeTraffic,
  edges: readonly FlowEdge[],
): GraphProblem[] {
  const out = edges.filter((edge) => edge.from === name);
  if (out.length === 0) return [];
  return [...leaving.keys()]
    .filter((path) => out.every((edge) => edge.path !== undefined && edge.path !== path))
    .map((path) =>
      graphWarning(
        name,
        `no edge is for the items that leave node "${name}" on path "${path}"`,
        'add an edge for the path; until then the items are dropped and counted',
      ),
    );
}

/** Dependencies must be met by the node itself or by what every item has come through. */
function dependencyProblems(
  node: FlowNode,
  { arriving }: NodeTraffic,
  known: ReadonlySet<string>,
): GraphProblem[] {
  const modules = modulesOf(node);
  const here = new Set(modules.map((module) => module.name));
  const problems: GraphProblem[] = [];
  for (const module of modules) {
    for (const name of module.depends.map(nameOf)) {
      if (here.has(name) || !known.has(name)) continue;
      const without = [...arriving].filter(([, { seen }]) => !seen.has(name));
      const paths = without.map(([path]) => path);
      const isSome = paths.length < arriving.size;
      if (paths.length > 0) {
        problems.push(unmetDependency(node, module, name, isSome ? paths : []));
      }
    }
  }
  return problems;
}

/** Frames of several sources have numbers of their own: what makes observations must not take them for one stream. */
function originProblems(node: FlowNode, { arriving }: NodeTraffic): GraphProblem[] {
  const origins = new Set([...arriving.values()].flatMap((items) => [...items.origins]));
  if (origins.size < 2 || observationNamesOf(node).length === 0) return [];
  const names = [...origins].map((name) => `"${name}"`).join(' and ');
  const isModules = node.spec.kind === 'module';
  return [
    graphError(
      node.name,
      `${isModules ? `the modules of node "${node.name}"` : `node "${node.name}"`} would see the frames of ${names} mixed`,
      `give each its own ${isModules ? 'modules' : 'node'}, or join the paths before`,
    ),
  ];
}
