import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from 'visualbase';
import type { PluginNames } from './plugin-names.ts';
import { readJson, type JsonObject } from './read-json.ts';

/** Where a module goes, and how it is made there. */
export type Place =
  /** A package of its own. */
  | { readonly kind: 'package'; readonly folder: string }
  /** A package among those of a repository. */
  | {
      readonly kind: 'workspace';
      readonly folder: string;
      readonly root: string;
      /** Path of a tsconfig to extend, from `folder`; undefined if the repository has none in common. */
      readonly baseConfig: string | undefined;
      /** Path of the folder of vpx-sdk, from `folder`, if it is of the repository as well. */
      readonly sdkFolder: string | undefined;
      readonly license: string;
    }
  /** In the sources of a project. */
  | {
      readonly kind: 'internal';
      /** Root of the project. */
      readonly folder: string;
      /** How its sources name the files that they import. */
      readonly extension: '.ts' | '.js';
      /** Whether it can use vpx-sdk. */
      readonly hasSdk: boolean;
    };

/**
 * Finds the place of a new module.
 *
 * @param dir - Folder that the user named; undefined if none.
 * @throws VisualError `VPX_NO_PROJECT` for an internal one outside of a project.
 */
export async function findPlace(
  names: PluginNames,
  { dir, cwd, isInternal }: { dir: string | undefined; cwd: string; isInternal: boolean },
): Promise<Place> {
  const start = path.resolve(cwd, dir ?? '.');
  if (isInternal) return findProject(start);
  const root = await findWorkspace(start);
  const parent = dir !== undefined || root === undefined ? start : path.join(root, 'plugins');
  const folder = path.join(parent, names.packageName);
  if (root === undefined || parent !== path.join(root, 'plugins')) {
    return { kind: 'package', folder };
  }
  const fromFolder = async (inRoot: string): Promise<string | undefined> =>
    (await exists(path.join(root, inRoot)))
      ? path.relative(folder, path.join(root, inRoot)).replaceAll(path.sep, '/')
      : undefined;
  const sdkConfig = await fromFolder('packages/vpx-sdk/tsconfig.json');
  const { license } = (await readJson(path.join(root, 'package.json'))) ?? {};
  return {
    ...{ kind: 'workspace', folder, root },
    baseConfig: await fromFolder('tsconfig.base.json'),
    sdkFolder: sdkConfig && path.posix.dirname(sdkConfig),
    license: typeof license === 'string' ? license : 'MIT',
  };
}

async function findProject(start: string): Promise<Place> {
  for (const folder of upwards(start)) {
    const json = await readJson(path.join(folder, 'package.json'));
    if (json === undefined) continue;
    const hasSdk = ['dependencies', 'devDependencies', 'peerDependencies'].some(
      (kind) => 'vpx-sdk' in ((json[kind] as JsonObject | undefined) ?? {}),
    );
    return { kind: 'internal', folder, extension: await extensionOf(folder), hasSdk };
  }
  throw new VisualError(
    'VPX_NO_PROJECT',
    `There is no package.json in ${start} or above, so that there is no project to write the module into. Run npm init there, or leave --internal out.`,
    { details: { folder: start } },
  );
}

/** The folder upwards whose package.json has `plugins/*` among its workspaces. */
async function findWorkspace(start: string): Promise<string | undefined> {
  for (const folder of upwards(start)) {
    const json = await readJson(path.join(folder, 'package.json'));
    const declared = json?.['workspaces'];
    const patterns: unknown = Array.isArray(declared)
      ? declared
      : (declared as JsonObject | undefined)?.['packages'];
    if (Array.isArray(patterns) && patterns.some(isForPlugins)) return folder;
  }
  return undefined;
}

const isForPlugins = (pattern: unknown): boolean =>
  typeof pattern === 'string' && /^(?:\.\/)?plugins\/\*\/?$/.test(pattern);

/** Whether the compiler of a project takes `./file.ts`, by its tsconfig and those it extends. */
async function extensionOf(folder: string): Promise<'.ts' | '.js'> {
  let file: string | undefined = path.join(folder, 'tsconfig.json');
  for (let depth = 0; file !== undefined && depth < 8; depth++) {
    const json: JsonObject | undefined = await readJson(file);
    const options = (json?.['compilerOptions'] ?? {}) as JsonObject;
    const takesTs = ['rewriteRelativeImportExtensions', 'allowImportingTsExtensions'];
    if (takesTs.some((name) => options[name] === true)) return '.ts';
    const base: unknown = json?.['extends'];
    const isFile = typeof base === 'string' && base.startsWith('.');
    file = isFile
      ? path.resolve(path.dirname(file), base.replace(/(?:\.json)?$/, '.json'))
      : undefined;
  }
  return '.js';
}

function* upwards(start: string): Generator<string> {
  for (let at = start; ; at = path.dirname(at)) {
    yield at;
    if (path.dirname(at) === at) return;
  }
}

/** Tells whether there is something at a path. */
export const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Tells whether a folder can be filled: it is missing, or empty. */
export async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
