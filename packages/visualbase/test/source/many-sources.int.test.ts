import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { decoderPids } from '../isolate/decoder-pids.ts';
import { useTempFolder } from './read-source.ts';

const at = useTempFolder();
const COUNT = 12;

beforeAll(async () => {
  const small = { width: 96, height: 64, frameCount: COUNT, gop: 4 };
  await makeVideo({ path: at('good.mp4'), ...small });
  await makeVideo({ path: at('good.mkv'), ...small, audio: true });
  writeFileSync(at('cut.mkv'), readFileSync(at('good.mkv')).subarray(0, 4000));
  writeFileSync(at('text.mp4'), 'Dear diary.\n'.repeat(100));
  const nothing = readFileSync(at('good.mp4'));
  nothing.fill(0xff, nothing.indexOf('mdat') + 4, nothing.indexOf('moov') - 4);
  writeFileSync(at('nothing.mp4'), nothing);
});

type Use = (options: FileSourceOptions) => Promise<void>;

async function readTo(path: string, count: number, options: FileSourceOptions): Promise<void> {
  let seen = 0;
  for await (const frame of await FileSource.open(path, options)) {
    expect(frame.data.length).toBe(96 * 64 * 3);
    if (++seen === count) return;
  }
}

/** Opens, and goes away while something is pending. */
async function abort(options: FileSourceOptions): Promise<void> {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { signal } = controller;
  const reading = (async () => {
    const source = await FileSource.open(at('good.mp4'), { ...options, signal });
    setImmediate(() => controller.abort(reason));
    for await (const frame of source) await new Promise((go) => setTimeout(go, frame.frameId));
    await source.close();
  })();
  await expect(reading).rejects.toBe(reason);
}

const USES: readonly Use[] = [
  (options) => readTo(at('good.mp4'), Infinity, options),
  (options) => readTo(at('good.mkv'), Infinity, options),
  (options) => readTo(at('cut.mkv'), Infinity, options),
  (options) => readTo(at('good.mkv'), 1, options),
  (options) => readTo(at('good.mp4'), 5, { ...options, slotCount: 2 }),
  async (options) => (await FileSource.open(at('good.mp4'), options)).close(),
  abort,
  (options) => expect(readTo(at('nothing.mp4'), 1, options)).rejects.toThrow('None of the'),
  (options) => expect(FileSource.open(at('text.mp4'), options)).rejects.toThrow('is not a video'),
  (options) => expect(FileSource.open(at('nowhere.mp4'), options)).rejects.toThrow('no file'),
];

/** Uses `count` sources, `parallel` at a time. */
async function useMany(count: number, parallel: number, options: FileSourceOptions): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await USES[next++ % USES.length]!(options);
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Descriptors and memory in MiB, after everything has settled that goes on by itself. */
async function measure(): Promise<{ readonly fdCount: number; readonly rssMb: number }> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    fdCount: readdirSync('/proc/self/fd').length,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  };
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe.skipIf(process.platform !== 'linux')('a process that opens and closes', () => {
  it('1,000 sources keeps neither memory nor descriptors', async () => {
    await useMany(200, 2, {});
    const before = await measure();
    await useMany(1000, 2, {});
    const after = await measure();
    // An idle thread, of which there may be one more or less now, has four or five of its own.
    expect(after.fdCount).toBeLessThan(before.fdCount + 10);
    // One slot kept for each would be 18 MiB, one ring 280.
    expect(after.rssMb).toBeLessThan(before.rssMb + 60);
  }, 180_000);

  it('20 isolated sources keeps neither memory, descriptors nor processes', async () => {
    const isolated = { isolate: true };
    await useMany(10, 2, isolated);
    const before = await measure();
    await useMany(20, 2, isolated);
    await expect.poll(decoderPids).toEqual([]);
    const after = await measure();
    expect(after.fdCount).toBeLessThanOrEqual(before.fdCount);
    expect(after.rssMb).toBeLessThan(before.rssMb + 30);
    const maps = readFileSync('/proc/self/maps', 'latin1');
    expect(count(maps, /visualbase-frames/g)).toBeLessThan(10);
  }, 180_000);
});
