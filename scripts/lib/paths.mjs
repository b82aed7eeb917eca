import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, wherever a script is started from. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where scripts leave figures for each other; ignored by git, gone with `npm ci`. */
export const CACHE_DIR = join(ROOT, 'node_modules', '.cache', 'visualpath');

/** The folder in which the user typed the command; npm itself moves to the root. */
export const CALLER_DIR =
  (process.env.npm_lifecycle_event !== undefined && process.env.INIT_CWD) || process.cwd();
