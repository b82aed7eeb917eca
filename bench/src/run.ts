import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchRow } from './bench-row.ts';
import { readEnvironment } from './environment.ts';
import { formatRows } from './row-table.ts';

const SUFFIX = '.bench.js';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    python: { type: 'string' },
  },
});

const unknown = positionals.filter((name) => name !== 'all' && !names.includes(name));
if (positionals.length === 0 || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no benchmark "${name}".`);
  console.error(
    'npm run bench -- NAME... [--json] [--quick] [--python PATH], where NAME is all or one of:',
  );
  for (const name of names) console.error(`  ${name}`);
  process.exit(2);
}

const controller = new AbortController();
process.once('SIGINT', () => {
  controller.abort();
});

const environment = readEnvironment();
// Not to stdout: there every line is a case.
if (values.json) console.error(JSON.stringify({ environment }));

const rows: BenchRow[] = [];
for (const name of positionals.includes('all') ? names : positionals) {
  const bench = (await import(new URL(`${name}${SUFFIX}`, import.meta.url).href)) as {
    readonly default: Bench;
  };
  await bench.default(
    (row) => {
      rows.push(row);
      if (values.json) console.log(JSON.stringify(row));
    },
    { quick: values.quick ?? false, signal: controller.signal, python: values.python },
  );
}

if (!values.json) {
  const { cpu, coreCount, node, commit } = environment;
  console.log(formatRows(rows));
  console.log(`\n${cpu}, ${coreCount} cores, Node ${node}, commit ${commit}`);
}
process.exitCode = rows.some((row) => row.ok === false) ? 1 : 0;
