import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { safeFileName } from 'visualbase';

/** `party.mp4` becomes `party-annotated.mp4` in the current folder; addresses become what a file can be called. */
export function defaultOverlayPath(input: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(input) && !/^file:/i.test(input);
  // No name and password of an address in the name of a file.
  const name = isAddress
    ? input.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1').replace(/[?#].*$/, '')
    : basename(input, extname(input));
  return `${safeFileName(name, { maxLength: 100 })}-annotated.mp4`;
}

/**
 * Checks, before any work, that a video may be written.
 *
 * @throws RangeError if it has another ending, is there already (without `force`), or is the input.
 */
export async function checkOverlayPath(
  path: string,
  { input, force }: { readonly input: string; readonly force: boolean },
): Promise<void> {
  const ending = extname(path).toLowerCase();
  if (ending !== '.mp4' && ending !== '.mkv') {
    throw new RangeError(`The output ${path} must end in .mp4 or .mkv.`);
  }
  const [there, source] = await Promise.all([path, input].map(statOf));
  if (there === undefined) return;
  if (there.isDirectory()) throw new RangeError(`The output ${path} is a folder.`);
  if (source !== undefined && source.ino === there.ino && source.dev === there.dev) {
    throw new RangeError(`The output ${path} is the input itself. Give another path with -o.`);
  }
  if (!force) {
    throw new RangeError(`${path} exists. Give another path with -o, or --force to replace it.`);
  }
}

const statOf = (path: string) => stat(path).catch(() => undefined);
