import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, ownValue, type JsonObject } from './package-json.ts';
import { quote, typeName } from './printable.ts';
import { expandBraces, matchesWildcard } from './wildcard.ts';

/** The members of a workspace root. */
export interface WorkspaceMembers {
  /** Folders that have a `package.json`, absolute, sorted. */
  readonly folders: readonly string[];
  /** What could not be understood, a clause each. */
  readonly faults: readonly string[];
}

const MAX_PATTERNS = 1000;
const MAX_PATTERN_CHARS = 500;
/** Folders that one workspace root may make us look at; `**` reaches this deep at most. */
const MAX_FOLDERS = 20_000;
const MAX_DEPTH = 12;

/**
 * Finds the folders that `workspaces` of a `package.json` names, as npm does: an array of patterns,
 * or `{ packages: [...] }`; `*`, `?`, `**` and `{a,b}` are understood, `!` in front takes away.
 */
export async function findWorkspaceMembers(
  root: string,
  packageJson: JsonObject,
): Promise<WorkspaceMembers> {
  const faults: string[] = [];
  const included = new Set<string>();
  const budget = { folders: MAX_FOLDERS };
  for (const pattern of readPatterns(packageJson, faults)) {
    const isExclusion = pattern.startsWith('!');
    for (const expanded of expandBraces(isExclusion ? pattern.slice(1) : pattern, MAX_PATTERNS)) {
      const segments = toSegments(expanded);
      if (segments === undefined) {
        faults.push(`the workspace ${quote(pattern)} cannot be understood or leaves the folder`);
        break;
      }
      for (const folder of await expandSegments(root, segments, budget)) {
        if (isExclusion) included.delete(folder);
        else included.add(folder);
      }
    }
  }
  if (budget.folders < 0) faults.push(`the workspaces span more than ${MAX_FOLDERS} folders`);
  const folders: string[] = [];
  for (const folder of [...included].sort()) {
    if (await hasPackageJson(folder)) folders.push(folder);
  }
  return { folders, faults };
}

function readPatterns(packageJson: JsonObject, faults: string[]): readonly string[] {
  const declared = ownValue(packageJson, 'workspaces');
  if (declared === undefined) return [];
  const list = isJsonObject(declared) ? (ownValue(declared, 'packages') ?? []) : declared;
  if (!Array.isArray(list)) {
    faults.push(`\`workspaces\` must be an array of patterns, is ${typeName(list)}`);
    return [];
  }
  const items: readonly unknown[] = list;
  const patterns = items
    .filter((item) => typeof item === 'string')
    .filter((pattern) => pattern.length <= MAX_PATTERN_CHARS)
    .slice(0, MAX_PATTERNS);
  if (patterns.length < items.length) {
    const most = `${MAX_PATTERNS} texts of ${MAX_PATTERN_CHARS} characters`;
    faults.push(`\`workspaces\` must be at most ${most}; the others are left out`);
  }
  return patterns;
}

/** The parts of a pattern between slashes; undefined for what stays not below the root. */
function toSegments(pattern: string): readonly string[] | undefined {
  if (/^[/\\]|^[A-Za-z]:|[[\]\\\0]/.test(pattern)) return undefined;
  const segments = pattern.split('/').filter((part) => part !== '' && part !== '.');
  return segments.includes('..') ? undefined : segments;
}

async function expandSegments(
  root: string,
  segments: readonly string[],
  budget: { folders: number },
): Promise<ReadonlySet<string>> {
  let folders = new Set([root]);
  for (const segment of segments) {
    const next = new Set<string>();
    for (const folder of folders) {
      if (segment === '**') {
        for (const below of await listDeep(folder, MAX_DEPTH, budget)) next.add(below);
      } else if (/[*?]/.test(segment)) {
        for (const name of await listFolders(folder, budget, true)) {
          if (matchesWildcard(name, segment)) next.add(join(folder, name));
        }
      } else {
        next.add(join(folder, segment));
      }
    }
    folders = next;
  }
  folders.delete(root);
  return folders;
}

/** The folder and all below it; links are not followed, so that circles end. */
async function listDeep(
  folder: string,
  depth: number,
  budget: { folders: number },
): Promise<string[]> {
  const all = [folder];
  if (depth === 0) return all;
  for (const name of await listFolders(folder, budget, false)) {
    all.push(...(await listDeep(join(folder, name), depth - 1, budget)));
  }
  return all;
}

async function listFolders(
  folder: string,
  budget: { folders: number },
  withLinks: boolean,
): Promise<readonly string[]> {
  if (budget.folders < 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() || (withLinks && entry.isSymbolicLink()))
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules');
  budget.folders -= names.length;
  return names;
}

const hasPackageJson = (folder: string): Promise<boolean> =>
  stat(join(folder, 'package.json')).then(
    () => true,
    () => false,
  );
