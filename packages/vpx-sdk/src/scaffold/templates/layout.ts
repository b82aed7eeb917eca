const MAX_COLUMNS = 100;

/**
 * Lays out a list between two texts as prettier does: on one line if it fits, else an item a line.
 *
 * @param indent - Columns before the first text.
 */
export function list(
  indent: number,
  open: string,
  items: readonly string[],
  close: string,
  padding: '' | ' ' = '',
): string {
  const before = ' '.repeat(indent);
  const line = `${before}${open}${padding}${items.join(', ')}${padding}${close}`;
  if (line.length <= MAX_COLUMNS) return line;
  return [
    `${before}${open}`,
    ...items.map((item) => `${before}  ${item},`),
    `${before}${close}`,
  ].join('\n');
}

/** An import of some names. */
export const importOf = (names: readonly string[], from: string): string =>
  list(0, 'import {', names, `} from '${from}';`, ' ');

/** Joins lines, and pieces of several; those that are undefined or false are left out. */
export const lines = (...pieces: readonly (string | false | undefined)[]): string =>
  pieces.filter((piece) => typeof piece === 'string').join('\n');

/** A table of markdown; the first row is its head. */
export function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...rows]
    .map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`)
    .join('\n');
}
