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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, seed: { type: 'string' } },
});
const [name = '', ...rest] = positionals;
const campaign = CAMPAIGNS[/** @type {keyof typeof CAMPAIGNS} */ (name)];
const runs = Number(values.runs ?? campaign?.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const isUsable = Number.isSafeInteger(runs) && runs >= 1 && Number.isSafeInteger(seed);
if (campaign === undefined || rest.length > 0 || !isUsable) {
  console.error('npm run fuzz -- exits|graphs|media [--runs N] [--seed N]');
  console.error('  exits: programs with models at work, ended in every way; N of each');
  console.error(
    '  graphs: random graphs on SimpleBackend under random schedules, against frame by frame',
  );
  console.error('  media: damaged videos, opened, decoded and cut');
  process.exit(2);
}

await prepare();
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
console.log(`seed ${seed}`);
const isGood = await campaign.run({ runs, seed, signal: interrupted.signal });
if (interrupted.signal.aborted) process.exitCode = 130;
else if (!isGood) process.exitCode = 1;
