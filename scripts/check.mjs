// npm run check [-- --only NAME]: every gate, one line each, the tools' output where one fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { runNode } from './lib/command.mjs';
import { GATE_COUNTS } from './lib/gates.mjs';
import { prepare } from './lib/prepare.mjs';

/**
 * @typedef {object} Gate
 * @property {string} name
 * @property {readonly [script: string, ...args: string[]]} command
 * @property {boolean} [isBuilt] It looks at what the build made.
 */

/** @type {readonly Gate[]} */
const GATES = [
  { name: 'build', command: ['node_modules/typescript/bin/tsc', '-b'] },
  { name: 'format', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'] },
  { name: 'scripts', command: ['node_modules/typescript/bin/tsc', '-p', 'test'] },
  { name: 'lint', command: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
  {
    name: 'imports',
    command: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      '{packages,plugins,apps}/*/{src,test}',
      '{bench,examples}/src',
    ],
    isBuilt: true,
  },
  { name: 'knip', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'packages', command: ['scripts/check-packages.mjs'], isBuilt: true },
  { name: 'typedoc', command: ['node_modules/typedoc/bin/typedoc'], isBuilt: true },
  { name: 'errors', command: ['scripts/errors-doc.mjs', '--check'], isBuilt: true },
  { name: 'tree', command: ['scripts/check-tree.mjs'] },
];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const wanted = values.only ?? GATES.map(({ name }) => name);
const unknown = wanted.filter((name) => !GATES.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no gate "${unknown.join('", "')}". Gates: ${GATES.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = GATES.filter(
  ({ name }) =>
    wanted.includes(name) ||
    (name === 'build' && GATES.some((gate) => gate.isBuilt && wanted.includes(gate.name))),
);

await prepare('nothing');

// The output is collected, so the tools cannot see by themselves whether somebody looks at it.
const { FORCE_COLOR: _forced, NO_COLOR: _none, ...environment } = process.env;
const env = process.stdout.isTTY
  ? { ...environment, FORCE_COLOR: '1' }
  : { ...environment, NO_COLOR: '1' };

/** @type {{ name: string, state: 'passed' | 'FAILED' | 'not run', seconds: string }[]} */
const results = [];
for (const { name, command } of chosen) {
  if (results.some((result) => result.name === 'build' && result.state === 'FAILED')) {
    results.push({ name, state: 'not run', seconds: '' });
    continue;
  }
  const start = performance.now();
  const [script, ...args] = command;
  const { exitCode, output } = await runNode(script, args, { env });
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const state = exitCode === 0 ? 'passed' : 'FAILED';
  results.push({ name, state, seconds });
  console.log(`${name} ${state} in ${seconds}`);
  if (exitCode !== 0) console.log(`${output.trimEnd()}\n`);
}

const passed = results.filter(({ state }) => state === 'passed').length;
const failed = results.length - passed;
console.log('\ngate      result    time');
for (const { name, state, seconds } of results) {
  console.log(`${name.padEnd(9)} ${state.padEnd(7)} ${seconds.padStart(6)}`);
}
mkdirSync(dirname(GATE_COUNTS), { recursive: true });
writeFileSync(GATE_COUNTS, JSON.stringify({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
