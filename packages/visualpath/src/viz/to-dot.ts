import { drawingOf, linesOf, type DrawableGraph } from './drawing.ts';
import type { NodeRole } from './node-role.ts';

const SHAPES: Readonly<Record<NodeRole, string>> = {
  source: 'ellipse',
  module: 'box',
  gate: 'hexagon',
  route: 'diamond',
  buffer: 'cylinder',
  code: 'component',
  missing: 'box',
};

/**
 * Draws a graph in Graphviz's language: `dot -Tsvg`. Shapes tell sources (ellipse), modules (box),
 * nodes that pass or drop (hexagon), that choose paths (diamond), that keep items for later
 * (cylinder) and that are code (component). What is wrong is red: circles, names used twice and,
 * dashed, nodes that edges name but that do not exist.
 */
export function toDot(graph: DrawableGraph): string {
  const { nodes, edges } = drawingOf(graph);
  const lines = ['digraph visualpath {', '  node [fontname="sans-serif"];'];
  for (const [i, node] of nodes.entries()) {
    const color = node.faults.length > 0 ? ' color=red' : '';
    const style = node.role === 'missing' ? ' style=dashed' : '';
    lines.push(
      `  n${i} [shape=${SHAPES[node.role]}${color}${style} label=${text(linesOf(node))}];`,
    );
  }
  for (const { from, to, path, isOnCircle } of edges) {
    const attributes = [
      ...(path === undefined ? [] : [`label=${text([path])}`]),
      ...(isOnCircle ? ['color=red'] : []),
    ].join(' ');
    lines.push(`  n${from} -> n${to}${attributes === '' ? '' : ` [${attributes}]`};`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** Graphviz reads backslashes as its own escapes and `&...;` as in HTML, also between quotes. */
const text = (lines: readonly string[]): string =>
  `"${lines.map((line) => line.replace(/["\\]/g, '\\$&').replaceAll('&', '&amp;')).join('\\n')}"`;
