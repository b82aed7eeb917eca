import type { DrawableGraph } from './drawing.ts';
import { toAscii } from './to-ascii.ts';

/**
 * Prints a graph as {@link toAscii} draws it.
 *
 * @param write - Takes the text. Default: standard output.
 */
export function printAscii(
  graph: DrawableGraph,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): void {
  write(toAscii(graph));
}
