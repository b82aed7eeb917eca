// npm run fuzz -- graphs [--runs N] [--seed N]: builds, then tries random inputs for as long as asked. CI tries a few
// of the same in the tests; this is for many. The seed is printed: the same seed tries the same.
import { parseArgs } from 'node:util';
import { prepare } from './lib/prepare.mjs';

const CHUNK = 2000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const isUsed = positionals.length === 1 && positionals[0] === 'graphs';
if (!isUsed || !Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
  console.error('npm run fuzz -- graphs [--runs N] [--seed N]');
  console.error(
    '  graphs: random graphs on SimpleBackend under random schedules, against frame by frame',
  );
  process.exit(2);
}

await prepare();
const { SimpleBackend } = await import('visualpath');
const { compareRandomGraphs } = await import('visualpath-testkit');

let isInterrupted = false;
process.once('SIGINT', () => (isInterrupted = true));

console.log(`seed ${seed}`);
const startedMs = performance.now();
let done = 0;
while (done < runs && !isInterrupted) {
  const count = Math.min(CHUNK, runs - done);
  try {
    await compareRandomGraphs(
      (schedule) => new SimpleBackend(schedule),
      count,
      seed + done / CHUNK,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`A difference after ${done} graphs that were equal.`);
    process.exit(1);
  }
  done += count;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`${done} of ${runs} graphs equal, ${seconds} s`);
}
if (isInterrupted) process.exitCode = 130;
