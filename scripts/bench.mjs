// npm run bench -- NAME... [--json] [--quick]: builds, then measures. Without a name: the names.
import { runNode } from './lib/command.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare(['bench']);
const { exitCode } = await runNode('bench/dist/run.js', process.argv.slice(2), { inherit: true });
process.exitCode = exitCode;
