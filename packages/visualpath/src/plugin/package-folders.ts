import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing, parsePackage, readPackageText, systemCode } from './package-json.ts';
import { printable } from './printable.ts';
import type { PluginProblem } from './plugin-problem.ts';
import { findWorkspaceMembers } from './workspace-members.ts';

/** Where the packages of a project are. */
export interface PackageFolders {
  /** Nearest first, without doubles; the same package may still be there by two paths. */
  readonly folders: readonly string[];
  readonly problems: readonly PluginProblem[];
}

/**
 * Lists the packages that a project can use: its own (the nearest `package.json` upwards), and from
 * the root upwards what each `node_modules` holds and the members of each workspace. A package that a
 * nearer `node_modules` shadows is left out, as Node itself would not find it.
 */
export async function findPackageFolders(root: string): Promise<PackageFolders> {
  const real = await realpath(root).catch(() => root);
  const levels = await Promise.all(ancestorsOf(real).map(readLevel));
  const own = levels.find((level) => level.hasPackageJson);
  const installed = new Set<string>();
  const folders = new Set<string>(own === undefined ? [] : [own.folder]);
  for (const { folder, installedNames, members } of levels) {
    for (const name of installedNames) {
      if (installed.has(name)) continue;
      installed.add(name);
      folders.add(join(folder, 'node_modules', name));
    }
    for (const member of members) folders.add(member);
  }
  return { folders: [...folders], problems: levels.flatMap((level) => level.problems) };
}

interface Level {
  readonly folder: string;
  readonly hasPackageJson: boolean;
  /** Names of the packages in its `node_modules`, sorted. */
  readonly installedNames: readonly string[];
  readonly members: readonly string[];
  readonly problems: readonly PluginProblem[];
}

function ancestorsOf(folder: string): readonly string[] {
  const all = [folder];
  for (let at = folder, up = dirname(at); up !== at; at = up, up = dirname(at)) all.push(up);
  return all;
}

async function readLevel(folder: string): Promise<Level> {
  const problems: PluginProblem[] = [];
  const [installedNames, text] = await Promise.all([
    listInstalled(join(folder, 'node_modules'), problems),
    readPackageText(folder),
  ]);
  const level = { folder, hasPackageJson: text.status !== 'missing', installedNames, problems };
  if (text.status !== 'read' || !text.text.includes('"workspaces"')) {
    return { ...level, members: [] };
  }
  const parsed = parsePackage(text.text);
  const report = (message: string): void => {
    const remedy = 'correct `workspaces` in package.json; until then its members may be missing';
    problems.push(folderProblem(folder, message, remedy));
  };
  if (parsed.status === 'broken') {
    report(parsed.fault);
    return { ...level, members: [] };
  }
  const { folders, faults } = await findWorkspaceMembers(folder, parsed.json);
  for (const fault of faults) report(fault);
  return { ...level, members: folders };
}

/** Names of the packages in a `node_modules`, `@scope/name` included, sorted. */
async function listInstalled(modules: string, problems: PluginProblem[]): Promise<string[]> {
  const list = async (folder: string): Promise<string[]> => {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map((entry) => entry.name)
        .filter((name) => !name.startsWith('.'));
    } catch (error) {
      if (!isMissing(error)) {
        const message = `the folder cannot be listed (${systemCode(error)})`;
        problems.push(folderProblem(folder, message, 'make it readable'));
      }
      return [];
    }
  };
  const names = (await list(modules)).map(async (name) => {
    if (!name.startsWith('@')) return [name];
    return (await list(join(modules, name))).map((inScope) => `${name}/${inScope}`);
  });
  return (await Promise.all(names)).flat().sort();
}

const folderProblem = (folder: string, message: string, remedy: string): PluginProblem => ({
  packageName: printable(basename(folder)),
  folder,
  kind: undefined,
  name: undefined,
  message,
  remedy,
});
