import type { DrawnEdge, Drawing } from './drawing.ts';

/** Nodes one below the other that share an indentation. */
export interface Block {
  readonly parent: Block | undefined;
  readonly depth: number;
  readonly rows: Row[];
  /** Nodes with several ways in that are due in this block. */
  readonly due: number[];
}

/** A node where it is shown. */
export interface Row {
  readonly node: number;
  /** The edges that lead here, where lines do not show it. */
  readonly from: readonly DrawnEdge[];
  readonly branches: Branch[];
  /** The edge to the next row, if that is the only way on. */
  link: DrawnEdge | undefined;
}

/** A way on from a row: to nodes that are shown indented, or to one that is shown elsewhere. */
interface Branch {
  readonly edge: DrawnEdge;
  readonly block: Block | undefined;
}

// Deeper graphs go on at the left: terminals are not endlessly wide, nor is the stack.
const MAX_DEPTH = 24;

/**
 * Arranges a graph for a terminal, so that every node is shown once and after all that leads to it,
 * circles aside. A chain keeps its indentation. What several edges lead to is shown in the innermost
 * block that holds all of them, behind the branches.
 *
 * @returns Blocks without indentation, one for each start and for each meeting of several.
 */
export function layOut({ nodes, edges }: Drawing): readonly Block[] {
  const leaving = nodes.map((): DrawnEdge[] => []);
  const entering = nodes.map((): DrawnEdge[] => []);
  for (const edge of edges) {
    leaving[edge.from]!.push(edge);
    if (!edge.isBack) entering[edge.to]!.push(edge);
  }
  const waitsFor = entering.map((into) => into.length);
  const homes = new Map<number, Block>();
  const page = newBlock(undefined);
  const sections: Block[] = [];

  const place = (start: number, block: Block): void => {
    const add = (node: number, from: readonly DrawnEdge[]): Row => {
      const row = { node, from, branches: [], link: undefined };
      block.rows.push(row);
      return row;
    };
    let row: Row | undefined = add(start, block.depth === 1 ? entering[start]! : []);
    while (row !== undefined) {
      const ways: readonly DrawnEdge[] = leaving[row.node]!;
      const [way] = ways;
      if (ways.length === 1 && way?.isBack === false && entering[way.to]!.length === 1) {
        row.link = way;
        row = add(way.to, []);
        continue;
      }
      for (const edge of ways) row.branches.push({ edge, block: follow(edge, block) });
      const next = block.due.shift();
      row = next === undefined ? undefined : add(next, entering[next]!);
    }
  };
  const follow = (edge: DrawnEdge, block: Block): Block | undefined => {
    const { to } = edge;
    if (edge.isBack) return undefined;
    const isDeep = block.depth >= MAX_DEPTH;
    if (entering[to]!.length === 1 && !isDeep) {
      const branch = newBlock(block);
      place(to, branch);
      return branch;
    }
    const home = isDeep ? page : sharedBlock(homes.get(to) ?? block, block);
    homes.set(to, home);
    waitsFor[to]!--;
    if (waitsFor[to] === 0) home.due.push(to);
    return undefined;
  };

  const section = (start: number): void => {
    const block = newBlock(page);
    sections.push(block);
    place(start, block);
  };
  for (const [i, into] of entering.entries()) if (into.length === 0) section(i);
  for (let next = page.due.shift(); next !== undefined; next = page.due.shift()) section(next);
  return sections;
}

const newBlock = (parent: Block | undefined): Block => ({
  parent,
  depth: parent === undefined ? 0 : parent.depth + 1,
  rows: [],
  due: [],
});

/** The innermost block that holds both. */
function sharedBlock(one: Block, other: Block): Block {
  let [a, b] = [one, other];
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent ?? a;
    else b = b.parent ?? b;
  }
  return a;
}
