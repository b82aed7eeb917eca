import type { AnyModule } from '../../core/module.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';
import { sortModules } from '../../flow/sort-modules.ts';
import { sortNodes } from '../../flow/sort-nodes.ts';
import type { FlowNode } from '../../flow/specs.ts';

/** An edge as its end sees it. */
interface PlanInput {
  /** Index of the node that the items come from. */
  readonly from: number;
  /** Only items on this path; undefined: all. */
  readonly path: string | undefined;
}

/** A node in its place. */
export interface PlanNode {
  readonly node: FlowNode;
  readonly index: number;
  readonly inputs: readonly PlanInput[];
  /** Path that a source puts its items on. */
  readonly sourcePath: string;
  /** True if items leave the graph here. */
  readonly isTerminal: boolean;
  /** Paths that some edge takes on; undefined if one takes them all. */
  readonly acceptedPaths: ReadonlySet<string> | undefined;
  /** First and last stage in which the node works; modules that depend on each other take one each. */
  readonly firstStage: number;
  readonly lastStage: number;
  /** Whether a buffering node keeps the pixels of frames. */
  readonly keepFrames: boolean;
}

/** A graph laid out for running: nodes in order, numbered, with stages of what can work side by side. */
export interface Plan {
  /** Each after all that lead to it. */
  readonly nodes: readonly PlanNode[];
  readonly stageCount: number;
  /** Index of each source node by name. */
  readonly sources: ReadonlyMap<string, number>;
  readonly hasBuffers: boolean;
}

/** Kinds that may hold the watermark back. */
const BUFFERING: ReadonlySet<string> = new Set(['join', 'window', 'collector', 'custom']);

/** Lays a valid graph out. @throws VisualError `VP_GRAPH_INVALID` for any other. */
export function compilePlan(graph: FlowGraph): Plan {
  graph.assertValid();
  const sorted = sortNodes(graph.nodes, graph.edges);
  const indexOf = new Map(sorted.map(({ name }, index) => [name, index]));
  const nodes: PlanNode[] = [];
  for (const [index, node] of sorted.entries()) {
    const inputs = graph.edges
      .filter((edge) => edge.to === node.name)
      .map((edge) => ({ from: indexOf.get(edge.from)!, path: edge.path }))
      .sort((a, b) => a.from - b.from);
    const outputs = graph.edges.filter((edge) => edge.from === node.name);
    const takesAll = outputs.some((edge) => edge.path === undefined);
    const firstStage = Math.max(0, ...inputs.map(({ from }) => nodes[from]!.lastStage + 1));
    nodes.push({
      node,
      index,
      inputs,
      sourcePath: (node.spec.kind === 'source' ? node.spec.path : undefined) ?? 'main',
      isTerminal: outputs.length === 0,
      acceptedPaths:
        outputs.length === 0 || takesAll ? undefined : new Set(outputs.map((edge) => edge.path!)),
      firstStage,
      lastStage: firstStage + stagesOf(node) - 1,
      keepFrames: keepsFrames(node, graph),
    });
  }
  return {
    nodes,
    stageCount: Math.max(0, ...nodes.map(({ lastStage }) => lastStage + 1)),
    sources: new Map(
      nodes.filter(({ node }) => node.spec.kind === 'source').map((n) => [n.node.name, n.index]),
    ),
    hasBuffers: nodes.some(({ node }) => BUFFERING.has(node.spec.kind)),
  };
}

/** The modules of a plan in the order in which they are started: each after those it depends on. */
export function modulesInOrder({ nodes, stageCount }: Plan): readonly AnyModule[] {
  const stages: AnyModule[][] = Array.from({ length: stageCount }, () => []);
  for (const { node, firstStage } of nodes) {
    if (node.spec.kind !== 'module') continue;
    const { levels } = sortModules(node.spec.modules);
    for (const [i, level] of levels.entries()) stages[firstStage + i]!.push(...level);
  }
  return stages.flat();
}

const stagesOf = ({ spec }: FlowNode): number =>
  spec.kind === 'module' ? Math.max(1, sortModules(spec.modules).levels.length) : 1;

function keepsFrames({ name, spec }: FlowNode, graph: FlowGraph): boolean {
  if (spec.kind !== 'join' && spec.kind !== 'window' && spec.kind !== 'collector') return false;
  if (spec.keepFrames !== undefined) return spec.keepFrames;
  const after = graph.nodesAfter(name);
  return after.some((node) => node.spec.kind === 'module' || node.spec.kind === 'custom');
}
