import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchRow } from './bench-row.ts';
import { readEnvironment } from './environment.ts';
import { formatFigure, formatRows } from './row-table.ts';

const SUFFIX = '.bench.js';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

const usage = [
  'npm run bench -- NAME... [--json] [--quick] [--python PATH], where NAME is all or one of:',
  ...names.map((name) => `  ${name}`),
].join('\n');

function refuse(problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        quick: { type: 'boolean' },
        python: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(usage);
  process.exit();
}
const unknown = positionals.filter((name) => name !== 'all' && !names.includes(name));
if (unknown.length > 0) refuse(`There is no benchmark "${unknown.join('", "')}".`);
if (positionals.length === 0) refuse('Name a benchmark.');

const controller = new AbortController();
process.once('SIGINT', () => {
  controller.abort();
});

const environment = readEnvironment();
// Not to stdout: there every line is a case.
if (values.json) console.error(JSON.stringify({ environment }));

const rows: BenchRow[] = [];
const report = (row: BenchRow): void => {
  rows.push(row);
  if (values.json) console.log(JSON.stringify(row));
  else console.error(`${row.bench}: ${row.case} ${formatFigure(row.value)} ${row.unit}`);
};
try {
  for (const name of positionals.includes('all') ? names : positionals) {
    const bench = (await import(new URL(`${name}${SUFFIX}`, import.meta.url).href)) as {
      readonly default: Bench;
    };
    const { quick = false, python } = values;
    await bench.default(report, { quick, signal: controller.signal, python });
  }
} catch (error) {
  // After Ctrl-C, what has been measured is still shown.
  if (!controller.signal.aborted) throw error;
}

if (!values.json) {
  const { cpu, coreCount, node, commit } = environment;
  console.log(formatRows(rows));
  console.log(`\n${cpu}, ${coreCount} cores, Node ${node}, commit ${commit}`);
}
if (controller.signal.aborted) process.exitCode = 130;
else process.exitCode = rows.some((row) => row.ok === false) ? 1 : 0;
