import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPORT_EVERY = 250;

/**
 * Damaged videos, opened, decoded and cut in a process that they may crash.
 *
 * @param {{ runs: number, seed: number, signal: AbortSignal }} options
 * @returns {Promise<boolean>} Whether no bug was found.
 */
export async function fuzzDamagedMedia({ runs, seed, signal }) {
  const { fuzzMedia, fuzzTable, isBug } = await import('visualbase/testing');
  const keepIn = join(tmpdir(), `visualbase-fuzz-found-${seed}`);
  const startedMs = performance.now();
  let done = 0;
  const results = await fuzzMedia({
    ...{ runs, seed, signal, keepIn },
    onResult: (result) => {
      done += 1;
      if (isBug(result.outcome)) printBug(result);
      if (done % REPORT_EVERY !== 0) return;
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      console.log(`${done} of ${runs} files, ${seconds} s`);
    },
  });
  console.log(`\n${fuzzTable(results, 'kind')}\n\n${fuzzTable(results, 'seedName')}`);
  const bugs = results.filter(({ outcome }) => isBug(outcome));
  if (bugs.length > 0) console.error(`\n${bugs.length} files show a bug; they are in ${keepIn}`);
  return bugs.length === 0;
}

/** @param {import('visualbase/testing').FuzzResult} bug */
function printBug({ outcome, detail, index, kind, seedName, alone, isolated, keptAt }) {
  console.error(`${outcome}: file ${index}, ${kind} of ${seedName}: ${detail}`);
  console.error(`  alone: ${alone?.outcome} ${alone?.detail.split('\n', 1)[0]}`);
  console.error(`  isolated: ${isolated?.outcome} ${isolated?.detail.split('\n', 1)[0]}`);
  console.error(`  ${keptAt}`);
}
