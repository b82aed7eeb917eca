import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlannedFile } from './planned-file.ts';

/**
 * Adds a package and its tests to what the tsconfig.json of a repository builds. A file that is not
 * plain JSON is left alone, with a warning.
 */
export async function planReferences(
  root: string,
  folder: string,
): Promise<{ readonly files: readonly PlannedFile[]; readonly warnings: readonly string[] }> {
  const file = path.join(root, 'tsconfig.json');
  const own = path.relative(root, folder).replaceAll(path.sep, '/');
  const added = [{ path: own }, { path: `${own}/test` }];
  const text = await readFile(file, 'utf8').catch(() => '');
  const config = parse(text);
  if (config === undefined) {
    const paths = added.map((one) => one.path).join(' and ');
    return { files: [], warnings: [`Add ${paths} to the references of ${file} by hand.`] };
  }
  const { references } = config;
  const isAfter = ({ path: there }: { path: string }): boolean =>
    there.startsWith('plugins/') && there < own;
  const at = references.findLastIndex(isAfter) + 1 || references.length;
  const all = [...references.slice(0, at), ...added, ...references.slice(at)];
  const changed = `${JSON.stringify({ ...config, references: all }, undefined, 2)}\n`;
  return { files: [{ path: file, text: changed, isChange: true }], warnings: [] };
}

type Config = Record<string, unknown> & { readonly references: readonly { path: string }[] };

function parse(text: string): Config | undefined {
  try {
    const json = JSON.parse(text) as Config;
    return Array.isArray(json.references) ? json : undefined;
  } catch {
    return undefined;
  }
}
