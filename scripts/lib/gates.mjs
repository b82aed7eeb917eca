import { join } from 'node:path';
import { CACHE_DIR } from './paths.mjs';

/** Where `npm run check` leaves `{ passed, failed }`. */
export const GATE_COUNTS = join(CACHE_DIR, 'gates.json');
