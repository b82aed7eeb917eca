import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { mapBounded } from './map-bounded.ts';
import { findPackageFolders } from './package-folders.ts';
import { parsePackage, readPackageText } from './package-json.ts';
import { readPackageName, readPackagePlugins, type PackagePlugins } from './package-plugins.ts';
import type { DiscoveredPlugin } from './plugin-info.ts';
import type { PluginProblem } from './plugin-problem.ts';
import { printablePath, quote } from './printable.ts';

/** Options of {@link discoverModules}. */
export interface DiscoverOptions {
  /** Folder of the project, or one below. Default: `process.cwd()`. */
  readonly root?: string | undefined;
}

/** What {@link discoverModules} found. */
export interface Discovery {
  /** By name, nearest package first. */
  readonly modules: ReadonlyMap<string, DiscoveredPlugin>;
  /** By name, nearest package first. */
  readonly backends: ReadonlyMap<string, DiscoveredPlugin>;
  /** What is wrong with installed plugins, in the same order; everything else was found all the same. */
  readonly problems: readonly PluginProblem[];
}

/** Files read at once; Node's thread pool works on four of them, the others are in its queue. */
const PARALLEL = 16;

/**
 * Finds the modules and backends that the packages installed for a project declare in `package.json`:
 *
 * ```json
 * { "visualpath": { "modules": { "face.detect": "./dist/index.js#FaceDetectionAnalyzer" } } }
 * ```
 *
 * Looks at the project itself (the nearest `package.json` upwards), then from the root upwards at each
 * `node_modules` and at the members of each workspace, nearest first and by name within one folder.
 * Only `package.json` files are read; no code of a plugin runs.
 *
 * Of two packages with the same name for a plugin the first wins, and the other becomes a problem.
 * Whatever is wrong with a package is a problem and not an exception.
 */
export async function discoverModules(options: DiscoverOptions = {}): Promise<Discovery> {
  const { folders, problems } = await findPackageFolders(resolve(options.root ?? process.cwd()));
  const packages = await mapBounded(folders, PARALLEL, readPackage);

  const found = {
    module: new Map<string, DiscoveredPlugin>(),
    backend: new Map<string, DiscoveredPlugin>(),
  };
  const all = [...problems];
  const seen = new Set<string>();
  for (const one of packages) {
    if (one === undefined || seen.has(one.folder)) continue;
    seen.add(one.folder);
    all.push(...one.problems);
    for (const plugin of one.plugins) {
      const winner = found[plugin.kind].get(plugin.name);
      if (winner === undefined) found[plugin.kind].set(plugin.name, plugin);
      else all.push(duplicateProblem(plugin, winner));
    }
  }
  return { modules: found.module, backends: found.backend, problems: all };
}

/** Reads one package; undefined if it is no plugin. Parses only what mentions us, so it is quick. */
async function readPackage(
  folder: string,
): Promise<(PackagePlugins & { readonly folder: string }) | undefined> {
  const text = await readPackageText(folder);
  if (text.status === 'missing') return undefined;
  if (text.status === 'read' && !text.text.includes('"visualpath"')) return undefined;
  const real = await realpath(folder).catch(() => folder);
  const parsed = text.status === 'read' ? parsePackage(text.text) : text;
  if (parsed.status === 'parsed') {
    return { folder: real, ...(await readPackagePlugins(real, parsed.json)) };
  }
  const problem: PluginProblem = {
    packageName: readPackageName(real),
    folder: real,
    kind: undefined,
    name: undefined,
    message: `${parsed.fault}, so that its plugins are unknown`,
    remedy: 'correct package.json if the package is yours, reinstall it if not',
  };
  return { folder: real, plugins: [], problems: [problem] };
}

function duplicateProblem(loser: DiscoveredPlugin, winner: DiscoveredPlugin): PluginProblem {
  const { kind, name, packageName, folder } = loser;
  return {
    packageName,
    folder,
    kind,
    name,
    message: `the ${kind} ${quote(name)} of ${packageName} is hidden by that of ${winner.packageName} in ${printablePath(winner.folder)}`,
    remedy: 'uninstall one of the two, or register the one you want by that name',
  };
}
