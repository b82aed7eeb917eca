import { basename } from 'node:path';
import { findEntryFile } from './entry-file.ts';
import { isJsonObject, ownValue, type JsonObject } from './package-json.ts';
import type { DiscoveredPlugin, PluginKind } from './plugin-info.ts';
import { isPluginName, NAME_RULE } from './plugin-name.ts';
import type { PluginProblem } from './plugin-problem.ts';
import { printable, quote, typeName } from './printable.ts';

/** What one package declares. */
export interface PackagePlugins {
  /** In the order of declaration. */
  readonly plugins: readonly DiscoveredPlugin[];
  readonly problems: readonly PluginProblem[];
}

/** More than any package has, and few enough to be read in no time. */
const MAX_ENTRIES = 200;
const FIELDS = { module: 'modules', backend: 'backends' } as const;
const FORM = 'write "visualpath": { "modules": { "domain.action": "./dist/index.js#Export" } }';

/**
 * Reads the plugins that a `package.json` declares, and checks that their files are there. Nothing is
 * imported. What is wrong becomes a problem; the rest is kept.
 *
 * @param folder - Folder of the package, with symbolic links resolved.
 */
export async function readPackagePlugins(
  folder: string,
  packageJson: JsonObject,
): Promise<PackagePlugins> {
  const declared = ownValue(packageJson, 'visualpath');
  if (declared === undefined) return { plugins: [], problems: [] };
  const packageName = readPackageName(folder, packageJson);
  const version = readVersion(packageJson);
  const plugins: DiscoveredPlugin[] = [];
  const problems: PluginProblem[] = [];
  const report = (message: string, remedy: string, kind?: PluginKind, name?: string): void => {
    const shown = name === undefined ? undefined : printable(name);
    problems.push({ packageName, folder, kind, name: shown, message, remedy });
  };

  if (!isJsonObject(declared)) {
    report(`\`visualpath\` in package.json must be an object, is ${typeName(declared)}`, FORM);
    return { plugins, problems };
  }
  for (const kind of ['module', 'backend'] as const) {
    const reportKind = (message: string, remedy: string): void => report(message, remedy, kind);
    for (const [name, entry] of readEntries(declared, FIELDS[kind], reportKind)) {
      if (!isPluginName(name)) {
        report(`${quote(name)} cannot be the name of a ${kind}`, `use ${NAME_RULE}`, kind, name);
        continue;
      }
      const found = await findEntryFile(folder, entry);
      if (found.status === 'wrong') {
        const message = `the ${kind} ${quote(name)} cannot be loaded: ${found.fault}`;
        report(message, found.remedy, kind, name);
        continue;
      }
      const { entryUrl, exportName } = found;
      const origin = 'package';
      plugins.push({ origin, kind, name, packageName, version, folder, entryUrl, exportName });
    }
  }
  return { plugins, problems };
}

function readEntries(
  declared: JsonObject,
  field: string,
  report: (message: string, remedy: string) => void,
): readonly (readonly [name: string, entry: unknown])[] {
  const entries = ownValue(declared, field);
  if (entries === undefined) return [];
  if (!isJsonObject(entries)) {
    const is = typeName(entries);
    report(`\`visualpath.${field}\` in package.json must be an object, is ${is}`, FORM);
    return [];
  }
  const all = Object.entries(entries);
  if (all.length > MAX_ENTRIES) {
    const message = `it declares ${all.length} ${field}, of which the first ${MAX_ENTRIES} are read`;
    report(message, 'split the package');
  }
  return all.slice(0, MAX_ENTRIES);
}

/** A package's name: the declared one if npm would take it, else that of its folder. */
export function readPackageName(folder: string, packageJson?: JsonObject): string {
  const name = packageJson && ownValue(packageJson, 'name');
  const isName =
    typeof name === 'string' && name.length <= 214 && /^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name);
  return isName ? name : printable(basename(folder));
}

function readVersion(packageJson: JsonObject): string | undefined {
  const version = ownValue(packageJson, 'version');
  return typeof version === 'string' && /^[\w.+-]{1,100}$/.test(version) ? version : undefined;
}
