import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardExit } from '../threads/exit-guard.ts';

/** A folder in the temporary folder that nobody else can read. */
export interface PrivateFolder {
  readonly path: string;
  /** Removes it with everything in it. Idempotent. It is removed when the process exits, too. */
  remove(): void;
}

/** Makes a folder; at once, so that nothing can come in between. */
export function makePrivateFolder(): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'visualbase-'));
  const removeNow = (): void => rmSync(path, { recursive: true, force: true });
  const unguard = guardExit(removeNow);
  return {
    path,
    remove() {
      removeNow();
      unguard();
    },
  };
}
