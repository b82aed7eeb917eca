import type { FlowGraph } from '../flow/flow-graph.ts';
import { detailsOf } from './node-details.ts';
import { findCircles } from '../flow/find-circles.ts';
import { label } from './label.ts';
import { roleOf, type NodeRole } from './node-role.ts';

/** What can be drawn: a graph, or its nodes and edges. It need not be valid. */
export type DrawableGraph = Pick<FlowGraph, 'nodes' | 'edges'>;

/** A node as every format shows it. All texts are free of control characters. */
export interface DrawnNode {
  readonly name: string;
  readonly kind: string;
  readonly role: NodeRole;
  /** Its parameters, a line each. */
  readonly details: readonly string[];
  /** What is wrong with it. */
  readonly faults: readonly string[];
}

/** An edge as every format shows it, between nodes by number. */
export interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  /** Its filter. */
  readonly path: string | undefined;
  readonly isOnCircle: boolean;
  /** Whether it closes a circle: without such edges there is none. */
  readonly isBack: boolean;
}

/** What is to be drawn, whatever the format. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/**
 * Prepares any graph for drawing. Nodes that exist only as ends of edges are added; where a name is
 * used twice, edges lead to its first node.
 */
export function drawingOf({ nodes, edges }: DrawableGraph): Drawing {
  const numberOf = new Map<string, number>();
  const twice = new Set<string>();
  for (const [i, { name }] of nodes.entries()) {
    if (numberOf.has(name)) twice.add(name);
    else numberOf.set(name, i);
  }
  const missing: string[] = [];
  const find = (name: string): number => {
    const known = numberOf.get(name);
    if (known !== undefined) return known;
    const added = nodes.length + missing.push(name) - 1;
    numberOf.set(name, added);
    return added;
  };
  const ends = edges.map(({ from, to }) => ({ from: find(from), to: find(to) }));

  const count = nodes.length + missing.length;
  const entered = new Set(ends.map(({ to }) => to));
  const all = Array.from({ length: count }, (_, i) => i);
  const circles = findCircles(count, ends, [
    ...all.filter((i) => nodes[i]?.spec.kind === 'source'),
    ...all.filter((i) => !entered.has(i)),
    ...all,
  ]);
  const onCircle = new Set([...circles.onCircle].map((i) => ends[i]!.from));

  return {
    nodes: [
      ...nodes.map(({ name, spec }, i) => ({
        name: label(name),
        kind: label(spec.kind),
        role: roleOf(spec.kind),
        details: detailsOf(spec),
        faults: [
          ...(twice.has(name) ? ['the name is used twice'] : []),
          ...(onCircle.has(i) ? ['on a circle'] : []),
        ],
      })),
      ...missing.map((name, i) => ({
        name: label(name),
        kind: 'missing',
        role: 'missing' as const,
        details: [],
        faults: ['no such node', ...(onCircle.has(nodes.length + i) ? ['on a circle'] : [])],
      })),
    ],
    edges: ends.map(({ from, to }, i) => {
      const { path } = edges[i]!;
      return {
        from,
        to,
        path: path === undefined ? undefined : label(path),
        isOnCircle: circles.onCircle.has(i),
        isBack: circles.back.has(i),
      };
    }),
  };
}

/** Everything that a box says about a node, line by line. */
export const linesOf = ({ name, kind, details, faults }: DrawnNode): readonly string[] => [
  name,
  kind,
  ...details,
  ...faults.map((fault) => `✗ ${fault}`),
];
