import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./exit-program.mjs', import.meta.url));
const MAX_DELAY_MS = 60;
const AT_A_TIME = 2;
/** Nothing takes this long: an exit that hangs is a bug as well. */
const DEADLINE_MS = 60_000;

/** The ways in which a program is ended, with the end that each must have. */
const WAYS = /** @type {const} */ ({
  exit: '42',
  exception: '1',
  rejection: '1',
  'end-of-main': '0',
  'sigint-handled': '43',
  sigint: 'SIGINT',
  sigterm: 'SIGTERM',
  'exit-in-worker': '44',
  terminate: '45',
});

/** @typedef {keyof typeof WAYS} Way */

/**
 * Programs with models at work, ended in every way at random moments.
 *
 * @param {{ runs: number, seed: number, signal: AbortSignal, print?: (line: string) => void }} options
 * `runs` of each way.
 * @returns {Promise<boolean>} Whether each ended as it must.
 */
export async function fuzzExits({ runs, seed, signal, print = console.log }) {
  const random = randomFrom(seed);
  /** @type {Map<Way, Map<string, number>>} */
  const ends = new Map();
  const ways = /** @type {Way[]} */ (Object.keys(WAYS));
  const jobs = ways.flatMap((way) =>
    Array.from({ length: runs }, () => ({ way, delayMs: Math.floor(random() * MAX_DELAY_MS) })),
  );
  let isGood = true;
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined && !signal.aborted; job = jobs.shift()) {
      const { way, delayMs } = job;
      const { end, stderr } = await runOnce(way, delayMs);
      const counts = ends.get(way) ?? new Map();
      ends.set(way, counts.set(end, (counts.get(end) ?? 0) + 1));
      if (end === WAYS[way]) continue;
      isGood = false;
      print(`${way} after ${delayMs} ms ended with ${end}, not ${WAYS[way]}: ${stderr.trim()}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  for (const [way, counts] of ends) {
    const list = [...counts].map(([end, count]) => `${end} x ${count}`).join(', ');
    print(`${way.padEnd(16)} must end with ${WAYS[way].padEnd(8)} ended with ${list}`);
  }
  return isGood;
}

/**
 * @param {Way} way
 * @param {number} delayMs
 * @returns {Promise<{ end: string, stderr: string }>}
 */
async function runOnce(way, delayMs) {
  const child = spawn(process.execPath, [PROGRAM, way, String(delayMs)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
  child.stdout.once('data', () => {
    const name = way === 'sigterm' ? 'SIGTERM' : way.startsWith('sigint') ? 'SIGINT' : undefined;
    if (name !== undefined) setTimeout(() => child.kill(name), delayMs);
  });
  child.stdout.resume();
  const [code, killedBy] = await once(child, 'close');
  clearTimeout(deadline);
  return { end: String(killedBy ?? code), stderr };
}

/**
 * Numbers from 0 to below 1, the same for the same seed (mulberry32).
 *
 * @param {number} seed
 */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
