import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractClip } from '../../src/clip/extract-clip.ts';
import { makeVideo } from '../../src/testing/make-video.ts';

let folder: string;
let video: string;
const range = { startNs: 0, endNs: 500_000_000 };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clip-thread-'));
  ({ path: video } = await makeVideo({ path: path.join(folder, 'source.mp4'), frameCount: 60 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the clip thread', () => {
  it('serves the next clip after one that failed, one that was stopped, and several at once', async () => {
    const outputDir = path.join(folder, 'clips');
    const cut = (source = video, signal?: AbortSignal) =>
      extractClip(source, range, { outputDir, ...(signal && { signal }) });
    expect((await cut()).frameCount).toBe(15);
    await expect(cut(path.join(folder, 'missing.mp4'))).rejects.toMatchObject({
      code: 'VB_FILE_NOT_FOUND',
    });
    expect((await cut()).frameCount).toBe(15);
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = cut(video, controller.signal);
    controller.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    const together = await Promise.all([cut(), cut(), cut()]);
    expect(together.map(({ frameCount }) => frameCount)).toEqual([15, 15, 15]);
    expect((await cut()).frameCount).toBe(15);
  });

  it('lets the process end once the clips are cut', async () => {
    const module = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
    const options = { outputDir: path.join(folder, 'child') };
    const program = `import { extractClip } from ${JSON.stringify(module)};
      const cut = () => extractClip(${JSON.stringify(video)}, ${JSON.stringify(range)}, ${JSON.stringify(options)});
      await cut();
      await Promise.all([cut(), cut()]);
      console.log('cut');`;
    const args = ['--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 25_000 });
    expect(stdout).toBe('cut\n');
  });
});
