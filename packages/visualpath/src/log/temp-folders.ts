import { rmSync } from 'node:fs';

// One listener for all folders: a listener each would trip the warning about too many.
const folders = new Set<string>();

const onExit = (): void => {
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The process is going; a folder that cannot be removed has no one left to tell.
    }
  }
};

/**
 * Removes a folder when the process exits.
 *
 * @returns Takes it back, for when the folder is gone.
 */
export function removeAtExit(folder: string): () => void {
  if (folders.size === 0) process.once('exit', onExit);
  folders.add(folder);
  return () => {
    folders.delete(folder);
    if (folders.size === 0) process.off('exit', onExit);
  };
}
