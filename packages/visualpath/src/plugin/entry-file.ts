import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMissing, systemCode } from './package-json.ts';
import { quote, typeName } from './printable.ts';

/** Where a plugin's code is, or what is wrong with the place that was declared. */
export type EntryFile =
  | { readonly status: 'found'; readonly entryUrl: string; readonly exportName: string }
  | { readonly status: 'wrong'; readonly fault: string; readonly remedy: string };

const MAX_CHARS = 1000;
const FORM = 'write "./file-inside-the-package.js#ExportName"';

/**
 * Checks an entry such as `./dist/index.js#FaceDetectionAnalyzer` without importing it.
 *
 * @param folder - Folder of the package, with symbolic links resolved. The file must be inside, also
 * after its own links are resolved.
 */
export async function findEntryFile(folder: string, entry: unknown): Promise<EntryFile> {
  if (typeof entry !== 'string') return wrong(`its entry must be text, is ${typeName(entry)}`);
  if (entry.length > MAX_CHARS) return wrong(`its entry has ${entry.length} characters`);
  const hash = entry.indexOf('#');
  if (hash < 0) return wrong(`its entry ${quote(entry)} does not say which export it means`);
  const path = entry.slice(0, hash);
  const exportName = entry.slice(hash + 1);
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(exportName)) {
    return wrong(`its entry ${quote(entry)} names an export that cannot be`);
  }
  const file = resolve(folder, path);
  if (!path.startsWith('./') || path.includes('\0') || !isInside(folder, file)) {
    return wrong(`its entry ${quote(entry)} is not a path inside the package`);
  }
  try {
    if (!isInside(folder, await realpath(file))) {
      return wrong(`its entry ${quote(entry)} leaves the package by a symbolic link`);
    }
    if (!(await stat(file)).isFile()) return wrong(`its entry ${quote(path)} is not a file`);
  } catch (error) {
    if (!isMissing(error))
      return wrong(`its file ${quote(path)} is unreadable (${systemCode(error)})`);
    return {
      status: 'wrong',
      fault: `its file ${quote(path)} does not exist`,
      remedy: 'build the package if it is yours, reinstall it if not',
    };
  }
  return { status: 'found', entryUrl: pathToFileURL(file).href, exportName };
}

const wrong = (fault: string): EntryFile => ({ status: 'wrong', fault, remedy: FORM });

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
