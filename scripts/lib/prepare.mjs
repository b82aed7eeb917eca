import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand, runNode } from './command.mjs';
import { ROOT } from './paths.mjs';

const NEEDED_NODE = /** @type {const} */ ([20, 19]);

/** Ends the process with a clear message on a Node that cannot run the project. */
function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])) return;
  console.error(
    `Node ${process.versions.node} is too old: visualpath needs ${NEEDED_NODE.join('.')} or newer. Install a current LTS release and run the command again.`,
  );
  process.exit(1);
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
const lockedPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/**
 * Tells whether node_modules holds what package-lock.json asks for. npm writes the record that is
 * compared here last, so an install that was interrupted counts as none. Optional packages may be
 * missing: they are other platforms' binaries.
 */
function isInstalled() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = lockedPackages(record);
  return Object.entries(lockedPackages(join(ROOT, 'package-lock.json'))).every(
    ([path, { version, integrity, optional = false }]) => {
      if (path === '') return true;
      const found = installed[path];
      return found === undefined
        ? optional
        : found.version === version && found.integrity === integrity;
    },
  );
}

/**
 * Runs one phase: a line with its name and, when done, its seconds. On failure prints the tool's
 * output and a hint, and ends the process with the tool's exit code.
 *
 * @param {string} name
 * @param {() => Promise<import('./command.mjs').CommandResult>} work
 * @param {string} hint What to do when it fails.
 */
async function phase(name, work, hint) {
  const start = performance.now();
  process.stderr.write(`${name}… `);
  const { exitCode, output } = await work();
  process.stderr.write(
    `${((performance.now() - start) / 1000).toFixed(1)} s${exitCode === 0 ? '' : ', failed'}\n`,
  );
  if (exitCode === 0) return;
  process.stderr.write(`${output.trimEnd()}\n${hint}\n`);
  process.exit(exitCode);
}

/**
 * Checks Node, installs dependencies when they are missing or outdated, and builds.
 *
 * @param {readonly string[] | 'nothing'} [projects] Folders to build, with all they refer to.
 *   Default: all.
 */
export async function prepare(projects = []) {
  checkNodeVersion();
  if (!isInstalled()) {
    // The npm that runs this script, so that a project-wide npm setting or version holds here too.
    const npm = process.env.npm_execpath;
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
    await phase(
      'Installing dependencies',
      () =>
        npm !== undefined && basename(npm) === 'npm-cli.js'
          ? runNode(npm, args)
          : runCommand('npm', args),
      'The dependencies could not be installed. Check that the npm registry can be reached, then run the command again.',
    );
  }
  if (projects === 'nothing') return;
  await phase(
    'Building',
    () => runNode(join('node_modules', 'typescript', 'bin', 'tsc'), ['-b', ...projects]),
    'The build failed: see the errors above. `npm run clean` removes what earlier builds left.',
  );
}
