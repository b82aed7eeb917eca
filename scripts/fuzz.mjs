// npm run fuzz -- NAME [--runs N] [--seed N]: builds, then tries random inputs for as long as asked. CI tries a few
// of the same in the tests; this is for many. The seed is printed: the same seed tries the same.
import { parseArgs } from 'node:util';
import { fuzzExits } from './lib/fuzz-exits.mjs';
import { fuzzGraphs } from './lib/fuzz-graphs.mjs';
import { fuzzDamagedMedia } from './lib/fuzz-media.mjs';
import { prepare } from './lib/prepare.mjs';

const CAMPAIGNS = {
  exits: { run: fuzzExits, runs: 50 },
  graphs: { run: fuzzGraphs, runs: 100_000 },
  media: { run: fuzzDamagedMedia, runs: 5000 },
};

const USAGE = `npm run fuzz -- exits|graphs|media [--runs N] [--seed N]
  exits   programs with models at work, ended in every way; N of each (50)
  graphs  random graphs on SimpleBackend under random schedules, against frame by frame (100,000)
  media   damaged videos, opened, decoded and cut (5000)`;

/** @param {string} problem @returns {never} */
function refuse(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const [name = '', ...rest] = positionals;
const campaign = CAMPAIGNS[/** @type {keyof typeof CAMPAIGNS} */ (name)];
if (campaign === undefined || rest.length > 0)
  refuse(`Name one campaign, got "${positionals.join(' ')}".`);
const runs = Number(values.runs ?? campaign.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(Number.isSafeInteger(runs) && runs >= 1))
  refuse(`--runs must be a whole number from 1, got ${values.runs}.`);
if (!Number.isSafeInteger(seed)) refuse(`--seed must be a whole number, got ${values.seed}.`);

await prepare();
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
console.log(`seed ${seed}`);
const isGood = await campaign.run({ runs, seed, signal: interrupted.signal });
if (interrupted.signal.aborted) process.exitCode = 130;
else if (!isGood) process.exitCode = 1;
