import { layOut, type Block, type Row } from './ascii-layout.ts';
import { drawingOf, type DrawableGraph, type DrawnEdge, type DrawnNode } from './drawing.ts';
import type { NodeRole } from './node-role.ts';

const SIGNS: Readonly<Record<NodeRole, string>> = {
  source: '●',
  module: '■',
  gate: '▽',
  route: '◆',
  buffer: '▤',
  code: '□',
  missing: '✗',
};

/**
 * Draws a graph with Unicode's box characters for a terminal: every node once, below all that lead
 * to it, branches indented. `▶` names a node that is shown elsewhere, `◀` what leads to a node. Signs
 * tell sources (●), modules (■), nodes that pass or drop (▽), that choose paths (◆), that keep items
 * for later (▤) and that are code (□); ✗ marks what is wrong.
 *
 * @example
 * ```
 * ● camera  source
 * │
 * ◆ route  branch
 * │   score ge 0.7 → near
 * │   else → far
 * ├─[near]
 * │  ▤ calm  window  500 ms
 * │  └─▶ both
 * ├─[far]─▶ both
 * │
 * ▤ both  join
 *     any
 *     of calm, far
 *     ◀ calm, route [far]
 * ```
 */
export function toAscii(graph: DrawableGraph): string {
  const drawing = drawingOf(graph);
  const { nodes } = drawing;
  const lines: string[] = [];

  const draw = (block: Block, first: string, rest: string): void => {
    for (const [i, row] of block.rows.entries()) {
      const isLast = i === block.rows.length - 1;
      const bar = row.link !== undefined || row.branches.length > 0 ? '│' : ' ';
      const [head, ...notes] = describe(nodes[row.node]!, row);
      lines.push(`${i === 0 ? first : rest}${head}`);
      for (const note of notes) lines.push(`${rest}${bar}   ${note}`);
      for (const [k, { edge, block: inner }] of row.branches.entries()) {
        const isEnd = isLast && k === row.branches.length - 1;
        const joint = `${rest}${isEnd ? '└─' : '├─'}${tag(edge)}`;
        const indent = `${rest}${isEnd ? '   ' : '│  '}`;
        if (inner === undefined) {
          const gap = edge.path === undefined ? '' : '─';
          const circle = edge.isBack ? '  ✗ closes a circle' : '';
          lines.push(`${joint}${gap}▶ ${nodes[edge.to]!.name}${circle}`);
        } else if (edge.path === undefined) {
          draw(inner, `${joint} `, indent);
        } else {
          lines.push(joint);
          draw(inner, indent, indent);
        }
      }
      if (!isLast) lines.push(`${rest}${bar} ${row.link === undefined ? '' : tag(row.link)}`);
    }
  };
  const describe = (node: DrawnNode, { from }: Row): string[] => {
    const { name, kind, role, details, faults } = node;
    const origins = from.map((edge) => `${nodes[edge.from]!.name} ${tag(edge)}`.trimEnd());
    const notes = [...(origins.length === 0 ? [] : [`◀ ${origins.join(', ')}`])];
    const head = [`${SIGNS[role]} ${name}`, kind];
    const [detail, ...more] = details;
    if (detail !== undefined && more.length === 0) head.push(detail);
    else notes.unshift(...details);
    return [[...head, ...faults.map((fault) => `✗ ${fault}`)].join('  '), ...notes];
  };

  for (const [i, block] of layOut(drawing).entries()) {
    if (i > 0) lines.push('');
    draw(block, '', '');
  }
  if (lines.length === 0) return '(no nodes)\n';
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const tag = ({ path }: DrawnEdge): string => (path === undefined ? '' : `[${path}]`);
