// npm run clean: removes everything that the build and the reports wrote.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_DIR, ROOT } from './lib/paths.mjs';
import { listWorkspaces } from './lib/workspaces.mjs';

/** @param {string} path */
const remove = (path) => {
  rmSync(path, { recursive: true, force: true });
};

for (const folder of [
  ...listWorkspaces().map((workspace) => workspace.folder),
  'bench',
  'examples',
]) {
  remove(join(ROOT, folder, 'dist'));
  // The record of the test project's last type check.
  remove(join(ROOT, folder, 'node_modules', '.cache'));
}
remove(join(ROOT, 'coverage'));
remove(join(ROOT, 'docs', 'api'));
remove(CACHE_DIR);
