/** An edge between nodes that are known by number. */
interface NumberedEdge {
  readonly from: number;
  readonly to: number;
}

/** What is known of the circles of a graph, by number of the edge. */
interface Circles {
  /** Edges that lie on a circle. */
  readonly onCircle: ReadonlySet<number>;
  /** Edges without which no circle is left: those that lead back to where a walk came from. */
  readonly back: ReadonlySet<number>;
}

/**
 * Finds the circles of a graph in linear time, with Kosaraju's two walks.
 *
 * @param starts - Every node, in the order in which the walk is to begin with them.
 */
export function findCircles(
  nodeCount: number,
  edges: readonly NumberedEdge[],
  starts: readonly number[],
): Circles {
  const leaving = Array.from({ length: nodeCount }, (): number[] => []);
  const entering = Array.from({ length: nodeCount }, (): number[] => []);
  for (const [i, { from, to }] of edges.entries()) {
    leaving[from]!.push(i);
    entering[to]!.push(i);
  }

  const back = new Set<number>();
  const isOpen = new Set<number>();
  const seen = new Set<number>();
  const finished: number[] = [];
  const nextEdge = new Uint32Array(nodeCount);
  for (const start of starts) {
    if (seen.has(start)) continue;
    const trail = [start];
    seen.add(start);
    isOpen.add(start);
    for (let node = trail.at(-1); node !== undefined; node = trail.at(-1)) {
      const edge = leaving[node]![nextEdge[node]!++];
      if (edge === undefined) {
        isOpen.delete(node);
        finished.push(node);
        trail.pop();
        continue;
      }
      const { to } = edges[edge]!;
      if (isOpen.has(to)) back.add(edge);
      if (seen.has(to)) continue;
      seen.add(to);
      isOpen.add(to);
      trail.push(to);
    }
  }

  const groupOf = new Map<number, number>();
  for (const start of finished.reverse()) {
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (groupOf.has(node)) continue;
      groupOf.set(node, start);
      for (const edge of entering[node]!) open.push(edges[edge]!.from);
    }
  }
  const onCircle = new Set<number>();
  for (const [i, { from, to }] of edges.entries()) {
    if (groupOf.get(from) === groupOf.get(to)) onCircle.add(i);
  }
  return { onCircle, back };
}
