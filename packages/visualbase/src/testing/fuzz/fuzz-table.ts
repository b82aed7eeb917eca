import type { FuzzResult } from './fuzz-media.ts';
import { OUTCOMES } from './run-plan.ts';

/** Counts results by one of their properties and by outcome, as lines of a table. */
export function fuzzTable(results: readonly FuzzResult[], by: 'kind' | 'seedName'): string {
  const names = [...new Set(results.map((result) => result[by]))].sort();
  const row = (name: string, of: readonly FuzzResult[]): readonly string[] => [
    name,
    ...OUTCOMES.map((outcome) => String(of.filter((one) => one.outcome === outcome).length)),
  ];
  const rows = [
    [by === 'kind' ? 'mutation' : 'file', ...OUTCOMES],
    ...names.map((name) =>
      row(
        name,
        results.filter((result) => result[by] === name),
      ),
    ),
    row('all', results),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!)))
        .join('  '),
    )
    .join('\n');
}
