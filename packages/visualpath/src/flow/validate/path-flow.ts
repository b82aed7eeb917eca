import { sortNodes } from '../sort-nodes.ts';
import type { FlowEdge, FlowNode, JoinSpec, NodeSpec } from '../specs.ts';

/** What is known of the items on one path at one place. */
interface Traffic {
  /** Sources of observations that every item has been to. */
  readonly seen: ReadonlySet<string>;
  /** Source nodes (or joins) that the items come from. */
  readonly origins: ReadonlySet<string>;
}

/** Traffic by path. */
export type TrafficByPath = ReadonlyMap<string, Traffic>;

/** What arrives at a node and what leaves it. */
export interface NodeTraffic {
  readonly arriving: TrafficByPath;
  readonly leaving: TrafficByPath;
}

/** Follows items through a sound graph: which paths they can be on where, and what they have been to. */
export function followPaths(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): ReadonlyMap<string, NodeTraffic> {
  const traffic = new Map<string, NodeTraffic>();
  const inputs = new Map<string, FlowEdge[]>(nodes.map(({ name }) => [name, []]));
  for (const edge of edges) inputs.get(edge.to)?.push(edge);
  for (const node of sortNodes(nodes, edges)) {
    const arriving = new Map<string, Traffic>();
    for (const edge of inputs.get(node.name) ?? []) {
      for (const [path, items] of traffic.get(edge.from)?.leaving ?? []) {
        if (edge.path === undefined || edge.path === path) addTo(arriving, path, items);
      }
    }
    traffic.set(node.name, { arriving, leaving: leavingOf(node, arriving) });
  }
  return traffic;
}

/** Items of two kinds on one path: only what both have seen is sure. */
function addTo(byPath: Map<string, Traffic>, path: string, items: Traffic): void {
  const known = byPath.get(path);
  byPath.set(path, known === undefined ? items : meet(known, items));
}

const meet = (a: Traffic, b: Traffic): Traffic => ({
  seen: new Set([...a.seen].filter((name) => b.seen.has(name))),
  origins: new Set([...a.origins, ...b.origins]),
});

const NO_TRAFFIC: Traffic = { seen: new Set(), origins: new Set() };

const merged = (arriving: TrafficByPath): Traffic | undefined =>
  arriving.size === 0 ? undefined : [...arriving.values()].reduce(meet);

function leavingOf({ name, spec }: FlowNode, arriving: TrafficByPath): TrafficByPath {
  switch (spec.kind) {
    case 'source':
      return new Map([[spec.path ?? 'main', { ...NO_TRAFFIC, origins: new Set([name]) }]]);
    case 'module': {
      const seen = withSeen(
        arriving,
        spec.modules.map((module) => module.name),
      );
      return spec.path === undefined ? seen : onPaths(seen, [spec.path]);
    }
    case 'cascadeFusion':
      return withSeen(arriving, [spec.source ?? name]);
    case 'join':
      return new Map([[spec.path ?? name, joined(name, spec, arriving)]]);
    case 'window':
      if (spec.late !== 'sideOutput') return arriving;
      return new Map([...arriving, ...onPaths(arriving, [spec.latePath ?? 'late'])]);
    case 'custom':
      return withSeen(
        new Map([...arriving, ...onPaths(arriving, spec.paths ?? [])]),
        spec.sources ?? [],
      );
    default: {
      const paths = routedPaths(spec);
      return paths === undefined ? arriving : onPaths(arriving, paths);
    }
  }
}

/** Paths that a node puts items on; undefined if it leaves them where they are. */
function routedPaths(spec: NodeSpec): readonly string[] | undefined {
  switch (spec.kind) {
    case 'branch':
      return [spec.ifTrue, spec.ifFalse];
    case 'fanOut':
      return spec.paths;
    case 'conditionalFanOut':
      return spec.branches.map(({ path }) => path);
    case 'multiBranch': {
      const paths = spec.branches.map(({ path }) => path);
      return spec.defaultPath === undefined ? paths : [...paths, spec.defaultPath];
    }
    default:
      return undefined;
  }
}

function withSeen(arriving: TrafficByPath, names: readonly string[]): TrafficByPath {
  return new Map(
    [...arriving].map(([path, { seen, origins }]) => [
      path,
      { seen: new Set([...seen, ...names]), origins },
    ]),
  );
}

function onPaths(arriving: TrafficByPath, paths: readonly string[]): TrafficByPath {
  const items = merged(arriving);
  return items === undefined ? new Map() : new Map(paths.map((path) => [path, items]));
}

/** A complete result of a join has what all its members have; a partial one only what one has. */
function joined(name: string, spec: JoinSpec, arriving: TrafficByPath): Traffic {
  const members = spec.paths
    .map((path) => arriving.get(path))
    .filter((items) => items !== undefined);
  const isAlwaysComplete = spec.mode !== 'any' && spec.unmatched !== 'emit';
  const seen = isAlwaysComplete
    ? new Set(members.flatMap((items) => [...items.seen]))
    : (members.length === 0 ? NO_TRAFFIC : members.reduce(meet)).seen;
  return { seen, origins: new Set([name]) };
}
