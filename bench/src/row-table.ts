import type { BenchRow } from './bench-row.ts';

const HEADINGS = ['bench', 'case', 'value', 'unit', 'baseline', 'ratio', 'target', 'met'] as const;
const NUMERIC = new Set(['value', 'baseline', 'ratio']);

/** Four significant digits, without exponents: 0.001234, 12.34, 12340. */
export function formatFigure(value: number | undefined): string {
  if (value === undefined) return '';
  if (!Number.isFinite(value) || value === 0) return String(value);
  const digits = Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
}

/** Lays rows out as a table of plain text, one line a row, figures aligned to the right. */
export function formatRows(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.bench,
    row.case,
    formatFigure(row.value),
    row.unit,
    formatFigure(row.baseline),
    formatFigure(row.ratio),
    row.target ?? '',
    row.ok === undefined ? '' : row.ok ? 'yes' : 'NO',
  ]);
  const table: readonly (readonly string[])[] = [HEADINGS, ...cells];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  return table
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return NUMERIC.has(HEADINGS[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
