import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractClip } from '../../src/clip/extract-clip.ts';
import { probe } from '../../src/probe/probe.ts';
import { listPictures, makeVideo } from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const RANGE = { startNs: secToNs(0.1), endNs: secToNs(0.3) };
let source = '';
beforeAll(async () => {
  source = inFolder('source.mp4');
  await makeVideo({ path: source, frameCount: 20 });
});

describe('the file of a clip', () => {
  it('never takes the place of another of the same name, also when they are cut at once', async () => {
    const outputDir = inFolder('same', 'name');
    await mkdir(outputDir, { recursive: true });
    await writeFile(inFolder('same', 'name', 'smile.mp4'), 'older');
    const cut = () => extractClip(source, RANGE, { outputDir, name: 'smile' });
    const clips = [...(await Promise.all([cut(), cut(), cut()])), await cut()];
    expect(clips.map(({ path }) => path.slice(outputDir.length + 1)).sort()).toEqual([
      'smile-2.mp4',
      'smile-3.mp4',
      'smile-4.mp4',
      'smile-5.mp4',
    ]);
    expect(await readFile(inFolder('same', 'name', 'smile.mp4'), 'utf8')).toBe('older');
    for (const { path } of clips) expect(await listPictures(path)).toHaveLength(6);
    expect(await readdir(outputDir)).toHaveLength(5);
  });

  it.each(['../../outside', '/etc/passwd', '..', ''])(
    'stays in the folder with the name %j',
    async (name) => {
      const clip = await extractClip(source, RANGE, { outputDir: inFolder('inside'), name });
      expect(await readdir(inFolder('inside'))).toContain(
        clip.path.slice(inFolder('inside').length + 1),
      );
    },
  );

  it('replaces a file at an exact path', async () => {
    const path = inFolder('exact', 'here: now.mp4');
    await extractClip(source, RANGE, { path });
    const longer = await extractClip(source, { ...RANGE, endNs: secToNs(0.5) }, { path });
    expect(longer.path).toBe(path);
    expect(await listPictures(path)).toHaveLength(12);
    expect(await readdir(inFolder('exact'))).toHaveLength(1);
  });

  it('never replaces the source', async () => {
    await expect(extractClip(source, RANGE, { path: source })).rejects.toThrow(/the source itself/);
    expect(await listPictures(source)).toHaveLength(20);
  });

  it('must be an MP4 or Matroska file', async () => {
    const clip = extractClip(source, RANGE, { path: inFolder('clip.avi') });
    await expect(clip).rejects.toThrow(/\.mp4 or \.mkv.*clip\.avi/);
    const options = { outputDir: inFolder('other'), container: 'avi' as 'mkv' };
    await expect(extractClip(source, RANGE, options)).rejects.toThrow(/container.*"avi"/);
  });

  it('is Matroska when the path ends so, or the container option says so', async () => {
    const path = inFolder('matroska', 'a.MKV');
    expect((await extractClip(source, RANGE, { path })).path).toBe(path);
    const options = { outputDir: inFolder('matroska'), name: 'b', container: 'mkv' } as const;
    expect((await extractClip(source, RANGE, options)).path).toBe(inFolder('matroska', 'b.mkv'));
    for (const name of ['a.MKV', 'b.mkv']) {
      expect((await probe(inFolder('matroska', name))).container).toContain('matroska');
    }
  });

  it('cannot be written into what is no folder', async () => {
    const clip = extractClip(source, RANGE, { outputDir: source });
    await expect(clip).rejects.toMatchObject({ code: 'VB_WRITE_FAILED' });
    const below = extractClip(source, RANGE, { outputDir: inFolder('source.mp4', 'below') });
    await expect(below).rejects.toMatchObject({ code: 'VB_WRITE_FAILED' });
  });

  it.skipIf(process.platform !== 'linux')(
    'cannot be written into a folder that takes no files, and says so (needs Linux and its /proc)',
    async () => {
      for (const outputDir of ['/proc', '/proc/new']) {
        const clip = extractClip(source, RANGE, { outputDir });
        await expect(clip).rejects.toMatchObject({ code: 'VB_WRITE_FAILED' });
      }
    },
  );
});

describe('an aborted clip', () => {
  it('does not begin when the signal is aborted already', async () => {
    const reason = new Error('not needed');
    const outputDir = inFolder('never-made');
    const clip = extractClip(source, RANGE, { outputDir, signal: AbortSignal.abort(reason) });
    await expect(clip).rejects.toBe(reason);
    expect(await readdir(inFolder())).not.toContain('never-made');
  });

  it('stops in the middle, leaves nothing behind and throws the reason', async () => {
    const long = inFolder('long.mp4');
    await makeVideo({ path: long, width: 640, height: 480, frameCount: 400, pattern: 'noise' });
    const outputDir = inFolder('aborted');
    await mkdir(outputDir);
    const reason = new Error('enough');
    const controller = new AbortController();
    const range = { startNs: 0, endNs: secToNs(13) };
    const clip = extractClip(long, range, { outputDir, signal: controller.signal });
    const settled = expect(clip).rejects.toBe(reason);
    while ((await readdir(outputDir)).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await readdir(outputDir)).every((name) => name.endsWith('.part'))).toBe(true);
    controller.abort(reason);
    await settled;
    expect(await readdir(outputDir)).toEqual([]);
  });
});
