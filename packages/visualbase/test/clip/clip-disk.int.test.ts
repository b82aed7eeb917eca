import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { makeVideo } from '../../src/testing/make-video.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const MODULE = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
/** In units of 512 bytes, and far below the size of the clips. */
const LIMIT = 100;

it.skipIf(process.platform === 'win32')(
  'a clip that does not fit says so by every method, and leaves nothing behind (needs a POSIX shell)',
  async () => {
    const source = inFolder('source.mp4');
    await makeVideo({ path: source, frameCount: 90, gop: 15, pattern: 'noise', audio: true });
    const outputDir = inFolder('full');
    await mkdir(outputDir);
    const program = `import { extractClip } from ${JSON.stringify(MODULE)};
      const found = {};
      for (const method of ['copy', 'smart', 'encode']) {
        for (const container of ['mp4', 'mkv']) {
          const options = { outputDir: ${JSON.stringify(outputDir)}, method, container };
          const range = { startNs: 300_000_000, endNs: 2_500_000_000 };
          found[method + container] = await extractClip(${JSON.stringify(source)}, range, options)
            .then((clip) => clip.sizeBytes, (error) => error.code);
        }
      }
      console.log(JSON.stringify(found));`;
    const command = `ulimit -f ${LIMIT}; exec "$0" --input-type=module -e "$1"`;
    const args = ['-c', command, process.execPath, program];
    const { stdout } = await promisify(execFile)('sh', args, { timeout: 25_000 });
    const codes = Object.values(JSON.parse(stdout) as Record<string, string>);
    expect(codes).toEqual(Array.from({ length: 6 }, () => 'VB_WRITE_FAILED'));
    expect(await readdir(outputDir)).toEqual([]);
  },
);
