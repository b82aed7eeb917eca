import { execFile } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frame/frame.ts';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { readFrameIndex } from '../../src/testing/frame-code.ts';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'file source '));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let madeCount = 0;
const make = (ending: string, options: Omit<MakeVideoOptions, 'path'> = {}) =>
  makeVideo({ path: path.join(folder, `${++madeCount}${ending}`), frameCount: 40, ...options });

interface Seen {
  readonly frameId: number;
  readonly tSrcNs: number;
  readonly index: number;
}

const look = (frame: Frame): Seen => ({
  frameId: frame.frameId,
  tSrcNs: frame.tSrcNs,
  index: readFrameIndex(frame),
});

async function readAll(file: string, options: FileSourceOptions = {}) {
  const source = await FileSource.open(file, options);
  const seen: Seen[] = [];
  for await (const frame of source) seen.push(look(frame));
  return { seen, source };
}

describe('FileSource', () => {
  it.each<[string, string, Omit<MakeVideoOptions, 'path'>, number]>([
    ['H.264 with B pictures', '.mp4', { bFrames: 2 }, 1],
    ['H.264 in Matroska', '.mkv', {}, 500_000],
    ['H.264 in a transport stream', '.ts', { startOffsetSec: 3 }, 12_000],
    ['MPEG-4', '.avi', { codec: 'mpeg4', bFrames: 0 }, 1],
    ['Motion JPEG', '.mkv', { codec: 'mjpeg' }, 500_000],
    ['VP9', '.webm', {}, 500_000],
    ['GIF', '.gif', { fps: 10 }, 5_000_000],
    ['uneven times', '.mkv', { timesMs: [0, 20, 90, 100, 480, 481, 900] }, 1],
    ['a start offset', '.mp4', { startOffsetSec: 2 }, 1],
    ['29.97 pictures per second', '.mp4', { fps: { num: 30000, den: 1001 } }, 1],
    ['odd sizes', '.mkv', { codec: 'mjpeg', width: 321, height: 241 }, 500_000],
  ])('gives every picture of %s in order, at its time', async (_what, ending, options, errorNs) => {
    const { path: file, timesNs } = await make(ending, options);
    const { seen, source } = await readAll(file);
    expect(seen.map(({ index }) => index)).toEqual(timesNs.map((_, i) => i));
    expect(seen.map(({ frameId }) => frameId)).toEqual(timesNs.map((_, i) => i));
    for (const [i, { tSrcNs }] of seen.entries()) {
      expect(Math.abs(tSrcNs - timesNs[i]!)).toBeLessThanOrEqual(errorNs);
    }
    expect(source.stats?.damage).toEqual({
      packetCount: 0,
      pictureCount: 0,
      missingCount: 0,
      missingNs: 0,
      repairedTimeCount: 0,
      readError: undefined,
    });
  });

  it.each([90, 180, 270] as const)('turns pictures upright (%i degrees)', async (rotationDeg) => {
    const { path: file } = await make('.mp4', { rotationDeg, width: 320, height: 240 });
    const { seen, source } = await readAll(file);
    expect([source.width, source.height]).toEqual([320, 240]);
    expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it.each([
    [30, 10],
    [30, 7],
    [24, 10],
    [25, 24.98],
    [30, 1],
    [10, 60],
  ])('samples %i pictures per second at %f, first included, without drift', async (rate, fps) => {
    const { path: file, timesNs } = await make('.mp4', { fps: rate, frameCount: 6 * rate });
    const { seen } = await readAll(file, { fps });
    const wanted = Math.min(fps, rate);
    expect(Math.abs(seen.length - 6 * wanted)).toBeLessThanOrEqual(1);
    expect(seen[0]).toEqual({ frameId: 0, index: 0, tSrcNs: 0 });
    for (const { frameId, index, tSrcNs } of seen) {
      expect(index).toBe(frameId);
      expect(tSrcNs).toBe(timesNs[frameId]);
    }
  });

  it.each([
    [{ width: 160, height: 50 }, [160, 50]],
    [{ width: 160 }, [160, 120]],
    [{ height: 60 }, [80, 60]],
    [{ maxSide: 100 }, [100, 76]],
    [{ maxSide: 5000 }, [320, 240]],
  ])('scales by %o', async (options, [width, height]) => {
    const { path: file } = await make('.mp4', { frameCount: 2 });
    await using source = await FileSource.open(file, options);
    expect([source.width, source.height]).toEqual([width, height]);
    for await (const frame of source) expect([frame.width, frame.height]).toEqual([width, height]);
  });

  it('cuts by startSec and endSec and keeps the ids that pictures have in the whole file', async () => {
    const { path: file } = await make('.mp4', { frameCount: 120, gop: 25, bFrames: 2 });
    for (const [startSec, endSec] of [
      [1, 2],
      [0.51, 0.52],
      [3.2, 100],
      [0, 0.1],
    ] as const) {
      const { seen } = await readAll(file, { startSec, endSec });
      const first = Math.ceil(startSec * 30 - 1e-6);
      const end = Math.min(120, Math.ceil(endSec * 30 - 1e-6));
      const expected = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
      expect(seen.map(({ index }) => index)).toEqual(expected);
      expect(seen.map(({ frameId }) => frameId)).toEqual(expected);
    }
  });

  it('keeps the pixels of retained frames, released in any order', async () => {
    const { path: file } = await make('.mp4');
    const kept: Frame[] = [];
    const released: number[] = [];
    for await (const frame of await FileSource.open(file, { slotCount: 6 })) {
      kept.push(frame.retain());
      if (kept.length < 4) continue;
      const [out] = kept.splice(frame.frameId % 4, 1);
      expect(readFrameIndex(out!)).toBe(out!.frameId);
      released.push(out!.frameId);
      out!.release();
    }
    for (const frame of kept) {
      expect(readFrameIndex(frame)).toBe(frame.frameId);
      frame.release();
    }
    expect(released).toHaveLength(37);
  });

  it('takes a frame back when the next is asked for', async () => {
    const { path: file } = await make('.mp4', { frameCount: 3 });
    const frames: Frame[] = [];
    for await (const frame of await FileSource.open(file)) frames.push(frame);
    expect(frames.map((frame) => frame.isReleased)).toEqual([true, true, true]);
  });

  it('stops when the reader leaves, and can be closed at any time and again', async () => {
    const { path: file } = await make('.mp4', { frameCount: 200 });
    const source = await FileSource.open(file);
    for await (const frame of source) if (frame.frameId === 3) break;
    await source.close();
    await source.close();
    expect(source.stats?.decodedCount).toBeLessThan(200);
    const unread = await FileSource.open(file);
    await unread.close();
    for (const closed of [source, unread]) {
      await expect(closed[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'VB_CLOSED',
      });
    }
  });

  it('rejects with the reason of an abort, before and in the middle', async () => {
    const { path: file } = await make('.mp4', { frameCount: 200 });
    const reason = new Error('enough');
    const opening = FileSource.open(file, { signal: AbortSignal.abort(reason) });
    await expect(opening).rejects.toBe(reason);
    const controller = new AbortController();
    const source = await FileSource.open(file, { signal: controller.signal });
    const reading = (async () => {
      for await (const frame of source) if (frame.frameId === 5) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it('lets the process end while a source is open and unread', async () => {
    const { path: file } = await make('.mp4', { frameCount: 100 });
    const module = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
    const program = `import { FileSource } from ${JSON.stringify(module)};
      const open = () => FileSource.open(${JSON.stringify(file)}, { slotCount: 2 });
      let count = 0;
      for await (const frame of await open()) count += 1;
      await open();
      console.log('read', count, 'and opened');`;
    const args = ['--input-type=module', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
    expect(stdout).toBe('read 100 and opened\n');
  });

  it('leaves no descriptors behind', async () => {
    const { path: file } = await make('.mp4', { frameCount: 5 });
    const descriptors = async () =>
      process.platform === 'linux' ? (await readdir('/proc/self/fd')).length : 0;
    await readAll(file);
    const before = await descriptors();
    for (let i = 0; i < 20; i++) await readAll(file, { maxSide: 64 });
    expect(await descriptors()).toBeLessThanOrEqual(before + 1);
  });

  it.each([
    [{ fps: 0 }, /`fps`.*got 0/],
    [{ fps: NaN }, /`fps`/],
    [{ width: 1.5 }, /`width`/],
    [{ maxSide: 10, width: 10 }, /not both/],
    [{ startSec: -1 }, /`startSec`/],
    [{ startSec: 2, endSec: 1 }, /`endSec`.*startSec \(2\)/],
    [{ slotCount: 1 }, /`slotCount`/],
  ])('refuses %o and names the option', async (options, message) => {
    await expect(FileSource.open('any.mp4', options)).rejects.toThrow(message);
  });
});

describe('FileSource of bad input', () => {
  const failure = async (file: string): Promise<unknown> =>
    readAll(file).then(
      () => 'no error',
      (error: unknown) => error,
    );

  it.each<[string, string, () => Promise<string>]>([
    ['missing', 'VB_FILE_NOT_FOUND', async () => path.join(folder, 'missing.mp4')],
    ['a folder', 'VB_FILE_UNREADABLE', async () => folder],
    ['empty', 'VB_FILE_EMPTY', () => write('empty.mp4', '')],
    ['text with a text ending', 'VB_NOT_MEDIA', () => write('a.txt', 'hello\n'.repeat(100))],
    ['text with a video ending', 'VB_NOT_MEDIA', () => write('a.mp4', 'hello\n'.repeat(100))],
    ['a playlist', 'VB_NOT_MEDIA', () => write('a.m3u8', '#EXTM3U\n#EXTINF:1,\n1.mp4\n')],
    ['a video cut off before its index', 'VB_NOT_MEDIA', () => cutOff('.mp4', 0.6)],
  ])('says in one typed error that it is %s', async (_what, code, prepare) => {
    const file = await prepare();
    expect(await failure(file)).toMatchObject({
      code,
      message: expect.stringContaining(file) as string,
    });
  });

  it('gives the pictures that a cut-off file still has', async () => {
    const { seen, source } = await readAll(await cutOff('.mkv', 0.6));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.length).toBeLessThan(90);
    expect(source.stats!.damage.missingNs / 1e9).toBeCloseTo(3 - seen.length / 30, 0);
    expect(seen.map(({ index }) => index)).toEqual(seen.map((_, i) => i));
  });

  it('counts damage in the middle and goes on behind it', async () => {
    const { path: file } = await make('.mp4', { frameCount: 90, gop: 15 });
    const { size } = await stat(file);
    const handle = await open(file, 'r+');
    await handle.write(new Uint8Array(3000).fill(0x5a), 0, 3000, Math.floor(size / 2));
    await handle.close();
    const { seen, source } = await readAll(file);
    const { damage } = source.stats!;
    expect(damage.packetCount + damage.pictureCount).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(60);
    expect(seen.at(-1)!.index).toBe(89);
  });

  async function write(name: string, text: string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  }

  async function cutOff(ending: string, share: number): Promise<string> {
    const { path: file } = await make(ending, { frameCount: 90 });
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * share)));
    return file;
  }
});
