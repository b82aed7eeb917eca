import { drawingOf, linesOf, type DrawableGraph } from './drawing.ts';
import type { NodeRole } from './node-role.ts';

const BRACKETS: Readonly<Record<NodeRole, readonly [string, string]>> = {
  source: ['([', '])'],
  module: ['[', ']'],
  gate: ['{{', '}}'],
  route: ['{', '}'],
  buffer: ['[(', ')]'],
  code: ['[[', ']]'],
  missing: ['[', ']'],
};

/**
 * Draws a graph as a Mermaid flowchart, as Markdown viewers show it. Shapes tell sources (stadium),
 * modules (box), nodes that pass or drop (hexagon), that choose paths (diamond), that keep items
 * for later (cylinder) and that are code (double sides). What is wrong is red, as in {@link toDot}.
 * Viewers refuse more than 500 edges or 50,000 characters unless configured otherwise.
 */
export function toMermaid(graph: DrawableGraph): string {
  const { nodes, edges } = drawingOf(graph);
  const lines = ['flowchart TD'];
  for (const [i, node] of nodes.entries()) {
    const [open, close] = BRACKETS[node.role];
    lines.push(`  n${i}${open}"${linesOf(node).map(escape).join('<br/>')}"${close}`);
  }
  for (const { from, to, path } of edges) {
    lines.push(`  n${from} -->${path === undefined ? '' : `|"${escape(path)}"|`} n${to}`);
  }
  const mark = (name: string, style: string, isMarked: (i: number) => boolean): void => {
    const ids = [...nodes.keys()].filter(isMarked).map((i) => `n${i}`);
    if (ids.length > 0)
      lines.push(`  classDef ${name} ${style}`, `  class ${ids.join(',')} ${name}`);
  };
  const isMissing = (i: number): boolean => nodes[i]!.role === 'missing';
  mark('fault', 'stroke:red', (i) => nodes[i]!.faults.length > 0 && !isMissing(i));
  mark('missing', 'stroke:red,stroke-dasharray:4', isMissing);
  const red = [...edges.keys()].filter((i) => edges[i]!.isOnCircle);
  if (red.length > 0) lines.push(`  linkStyle ${red.join(',')} stroke:red`);
  return `${lines.join('\n')}\n`;
}

/**
 * Writes all that Mermaid, its Markdown, HTML or its own placeholders (which begin with U+FB02)
 * could take for their own as numbered entities. Points, dashes and underscores inside words stay:
 * there they mean nothing, except after `www`.
 */
const escape = (text: string): string =>
  text.replace(
    /(?<=[\p{L}\p{N}])(?<!www)([._-])(?=[\p{L}\p{N}])|[!-+\--/:-@[-`{-~\uFB02]/giu,
    (char, insideWord?: string) => insideWord ?? `#${char.codePointAt(0) ?? 0};`,
  );
