import type { FlowEdge, FlowNode } from './specs.ts';

/**
 * Sorts nodes so that each comes after all that lead to it, otherwise in the order given. Nodes on a
 * circle, and those behind it, are left out.
 */
export function sortNodes(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): readonly FlowNode[] {
  const before = new Map(nodes.map(({ name }) => [name, new Set<string>()]));
  const behind = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    before.get(to)?.add(from);
    const names = behind.get(from);
    if (names === undefined) behind.set(from, new Set([to]));
    else names.add(to);
  }
  const waitCounts = new Map([...before].map(([name, names]) => [name, names.size]));
  const indicesByName = new Map<string, number[]>();
  const ready: number[] = [];
  for (const [i, { name }] of nodes.entries()) {
    const indices = indicesByName.get(name);
    if (indices === undefined) indicesByName.set(name, [i]);
    else indices.push(i);
    if (waitCounts.get(name) === 0) ready.push(i);
  }
  // The first in the order given is the last of the list.
  ready.reverse();
  const sorted: FlowNode[] = [];
  const done = new Set<string>();
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    const node = nodes[next]!;
    sorted.push(node);
    if (done.has(node.name)) continue;
    done.add(node.name);
    for (const name of behind.get(node.name) ?? []) {
      const waitCount = waitCounts.get(name);
      if (waitCount === undefined) continue;
      waitCounts.set(name, waitCount - 1);
      if (waitCount > 1) continue;
      for (const index of indicesByName.get(name) ?? []) insert(ready, index);
    }
  }
  return sorted;
}

/** Puts an index into a list in falling order. */
function insert(indices: number[], index: number): void {
  let low = 0;
  let high = indices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indices[middle]! > index) low = middle + 1;
    else high = middle;
  }
  indices.splice(low, 0, index);
}
