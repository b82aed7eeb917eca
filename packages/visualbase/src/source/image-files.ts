import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { VisualError } from '../errors/visual-error.ts';

const ENDINGS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.bmp']);

/** Tells whether a path names still pictures rather than a video: a pattern, or by its ending. */
export const isImagePattern = (path: string): boolean =>
  /%\d*d|[*?]/.test(basename(path)) || ENDINGS.has(extname(path).toLowerCase());

/**
 * The picture files that a folder, a pattern (`shot-%04d.png`, `*.jpg`) or one path names, sorted as people
 * count: `2.png` before `10.png`.
 *
 * @throws VisualError `VB_FILE_NOT_FOUND` when there is none.
 */
export async function listImageFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return [path];
  const isFolder = found?.isDirectory() === true;
  const folder = isFolder ? path : dirname(path);
  const matches = isFolder ? isImageName : matcherOf(basename(path));
  const names = await readdir(folder).catch((cause: unknown) => {
    throw noImages(path, cause);
  });
  const byNumber = new Intl.Collator('en', { numeric: true });
  const sorted = names.filter(matches).sort((a, b) => byNumber.compare(a, b));
  if (sorted.length === 0) throw noImages(path, undefined);
  return sorted.map((name) => join(folder, name));
}

const isImageName = (name: string): boolean =>
  !name.startsWith('.') && ENDINGS.has(extname(name).toLowerCase());

/** `%d` is any number, `%04d` one of at least four digits, `*` anything, `?` one character. */
function matcherOf(pattern: string): (name: string) => boolean {
  const source = pattern
    .split(/(%\d*d|[*?])/)
    .map((part) => {
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      const digits = /^%0?(\d*)d$/.exec(part);
      if (digits !== null)
        return digits[1] === '' ? String.raw`\d+` : String.raw`\d{${digits[1]},}`;
      return part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    })
    .join('');
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

function noImages(path: string, cause: unknown): VisualError {
  return new VisualError(
    'VB_FILE_NOT_FOUND',
    `No pictures were found at ${path}. Give a folder, a pattern such as shot-%04d.png or *.jpg, or a file; the current directory is ${process.cwd()}.`,
    { cause, details: { path } },
  );
}
