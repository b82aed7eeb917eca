import { link, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_ATTEMPTS = 10_000;

/**
 * Gives a finished file a name that nothing else has: `name.ext`, or `name-2.ext`, `name-3.ext`, ...
 * Two calls at the same time, also in two processes, never get the same one, and no existing file is
 * replaced.
 *
 * @param temporaryPath - In the same folder; it is gone afterwards.
 * @returns The path that the file has now.
 */
export async function claimFreeName(
  temporaryPath: string,
  folder: string,
  name: string,
  ending: string,
): Promise<string> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const path = join(folder, attempt === 1 ? name + ending : `${name}-${attempt}${ending}`);
    if (await moveIfFree(temporaryPath, path)) return path;
  }
  throw new RangeError(`${folder} already holds ${MAX_ATTEMPTS} files named ${name}${ending}.`);
}

async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // File systems without hard links: take the name with an empty file, then replace that.
    return reserveAndRename(from, to);
  }
  await rm(from);
  return true;
}

async function reserveAndRename(from: string, to: string): Promise<boolean> {
  try {
    const handle = await open(to, 'wx');
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await rename(from, to);
  return true;
}
