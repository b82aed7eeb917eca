import type { FlowEdge, FlowNode } from './specs.ts';

/**
 * Sorts nodes so that each comes after all that lead to it, otherwise in the order given. Nodes on a
 * circle, and those behind it, are left out.
 */
export function sortNodes(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly FlowNode[] {
  const waitsFor = new Map(nodes.map((node) => [node.name, new Set<string>()]));
  for (const { from, to } of edges) waitsFor.get(to)?.add(from);
  const sorted: FlowNode[] = [];
  const done = new Set<string>();
  let waiting = [...nodes];
  for (;;) {
    const next = waiting.find(({ name }) =>
      [...waitsFor.get(name)!].every((before) => done.has(before)),
    );
    if (next === undefined) return sorted;
    waiting = waiting.filter((node) => node !== next);
    done.add(next.name);
    sorted.push(next);
  }
}
