import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} Workspace
 * @property {string} name Package name.
 * @property {string} folder Relative to the root, with forward slashes.
 * @property {boolean} isPrivate
 */

/**
 * The packages, plugins and apps of the repository, in that order; not bench and examples.
 *
 * @returns {readonly Workspace[]}
 */
export function listWorkspaces() {
  return ['packages', 'plugins', 'apps']
    .filter((group) => existsSync(join(ROOT, group)))
    .flatMap((group) =>
      readdirSync(join(ROOT, group))
        .sort()
        .map((name) => `${group}/${name}`),
    )
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      return { name: manifest.name, folder, isPrivate: manifest.private === true };
    });
}

/**
 * Every file under a folder with the given ending, absolute; none if the folder is missing.
 *
 * @param {string} folder Absolute, or relative to the root.
 * @param {string} ending
 */
export function listFiles(folder, ending) {
  const root = join(ROOT, folder);
  return !existsSync(root)
    ? []
    : readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(ending))
        .sort()
        .map((file) => join(root, file));
}
