// Packs every published package as npm would and checks the tarballs: publint for the manifest and
// the files, attw for the types.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, runNode } from './lib/command.mjs';
import { listWorkspaces } from './lib/workspaces.mjs';

const TOOLS = /** @type {const} */ ([
  ['node_modules/publint/src/cli.js', 'run', '--strict'],
  [
    'node_modules/@arethetypeswrong/cli/dist/index.js',
    '--profile',
    'esm-only',
    '--no-emoji',
    '--no-color',
  ],
]);

const folder = mkdtempSync(join(tmpdir(), 'visualpath-pack-'));
try {
  const published = listWorkspaces().filter((workspace) => !workspace.isPrivate);
  const packed = await runCommand('npm', [
    'pack',
    '--silent',
    '--pack-destination',
    folder,
    ...published.flatMap(({ name }) => ['--workspace', name]),
  ]);
  if (packed.exitCode !== 0) {
    console.error(packed.output);
    process.exitCode = 1;
  }
  const checks = readdirSync(folder).flatMap((tarball) =>
    TOOLS.map(([script, ...args]) => ({ script, args, tarball })),
  );
  // Two at a time: each is a process of its own, and most machines have two cores.
  const worker = async () => {
    for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
      const { script, args, tarball } = check;
      const { exitCode, output } = await runNode(script, [...args, join(folder, tarball)]);
      if (exitCode === 0) continue;
      console.error(`${tarball}, ${script}:\n${output}`);
      process.exitCode = 1;
    }
  };
  await Promise.all([worker(), worker()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
