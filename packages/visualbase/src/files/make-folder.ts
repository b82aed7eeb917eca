import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VisualError } from '../errors/visual-error.ts';

/**
 * Creates a folder and those above it, where they are missing.
 *
 * @throws VisualError `VB_WRITE_FAILED`.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await create(folder);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VisualError(
      'VB_WRITE_FAILED',
      `The folder ${folder} could not be created (${reason}). Check the path and its permissions.`,
      { cause, details: { path: folder, reason } },
    );
  }
}

// Node's own recursive mkdir never returns where a folder cannot be created in one that exists, as in
// /proc: it takes ENOENT for a missing parent again and again.
async function create(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    const hasParent = await stat(parent).then(
      () => true,
      () => false,
    );
    if (code !== 'ENOENT' || hasParent) throw error;
    await create(parent);
    await create(folder);
  }
}
