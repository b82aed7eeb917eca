import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FeedListener } from '../../src/decode/frame-feed.ts';
import type { Frame } from '../../src/frame/frame.ts';
import { openInProcess } from '../../src/isolate/open-in-process.ts';
import { probe } from '../../src/probe/probe.ts';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { planJob } from '../../src/source/plan-job.ts';
import { readFrameIndex } from '../../src/testing/frame-code.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { useTempFolder } from '../source/read-source.ts';

const at = useTempFolder();
const LIMITS = { stallTimeoutMs: 30_000, maxRssMb: 2048 };

/** Everything that one can see of a source, pixels as a hash. */
async function readAll(path: string, options: FileSourceOptions) {
  try {
    const source = await FileSource.open(path, options);
    const { info, width, height, slotCount } = source;
    const frames = [];
    const hash = createHash('sha256');
    try {
      for await (const frame of source) {
        hash.update(frame.data);
        frames.push([frame.frameId, frame.tSrcNs]);
      }
    } catch (error) {
      return { info, frames, error: describeError(error) };
    }
    const { stats } = source;
    return { info, width, height, slotCount, frames, pixels: hash.digest('hex'), stats };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function describeError(error: unknown) {
  const { name, message, code, details } = error as Error & { code?: string; details?: object };
  return { name, message, code, details };
}

const FILES = {
  'h264.mp4': { frameCount: 70, audio: true },
  'vp9.webm': { frameCount: 20 },
  'loop.gif': { frameCount: 12 },
  'turned.mp4': { frameCount: 10, width: 180, height: 120, rotationDeg: 90 },
  'odd.avi': { frameCount: 10, width: 102, height: 66, codec: 'mpeg4' },
} as const;

beforeAll(async () => {
  for (const [name, options] of Object.entries(FILES)) {
    await makeVideo({ path: at(name), ...options });
  }
  const bytes = readFileSync(at('h264.mp4'));
  bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 2000);
  writeFileSync(at('damaged.mp4'), bytes);
  writeFileSync(at('cut.mp4'), bytes.subarray(0, bytes.length >> 1));
  writeFileSync(at('empty.mp4'), '');
  writeFileSync(at('text.mp4'), 'Dear diary.\n'.repeat(100));
});

describe('an isolated source', () => {
  const cases: readonly (readonly [string, FileSourceOptions])[] = [
    ...Object.keys(FILES).map((name) => [name, {}] as const),
    ['h264.mp4', { fps: 7, maxSide: 100 }],
    ['h264.mp4', { startSec: 0.7, endSec: 1.4, width: 101 }],
    ['h264.mp4', { slotCount: 2 }],
    ['damaged.mp4', {}],
    ['cut.mp4', {}],
    ['empty.mp4', {}],
    ['text.mp4', {}],
    ['nowhere.mp4', {}],
  ];
  it.each(cases)('gives what one in a thread gives, bit for bit: %s %j', async (name, options) => {
    const inThread = await readAll(at(name), options);
    expect(await readAll(at(name), { ...options, isolate: true })).toStrictEqual(inThread);
  });

  it('keeps retained frames valid after its process is gone', async () => {
    const source = await FileSource.open(at('h264.mp4'), { isolate: true, slotCount: 4 });
    const held: Frame[] = [];
    for await (const frame of source) {
      held.push(frame.retain());
      if (held.length === 3) break;
    }
    await source.close();
    expect(held.map((frame) => readFrameIndex(frame))).toEqual([0, 1, 2]);
    for (const frame of held) frame.release();
  });

  it('lets go of its memory once it is closed and no frame is held, and crashes no late reader', async () => {
    const source = await FileSource.open(at('h264.mp4'), { isolate: true });
    let data: Uint8Array | undefined;
    for await (const frame of source) data = frame.data;
    // Not allowed, and no reason to end the process.
    expect(data!.every((byte) => byte === 0)).toBe(true);
  });

  it('decodes ahead only as far as there are slots', async () => {
    const source = await FileSource.open(at('h264.mp4'), { isolate: true, slotCount: 3 });
    const held: Frame[] = [];
    for await (const frame of source) {
      held.push(frame.retain());
      if (held.length === 3) break;
    }
    expect(source.stats!.deliveredCount).toBe(3);
    for (const frame of held) frame.release();
  });

  it('gives the reason of the signal when it is aborted while it opens', async () => {
    const reason = new Error('changed my mind');
    const controller = new AbortController();
    const opening = FileSource.open(at('h264.mp4'), { isolate: true, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(opening).rejects.toBe(reason);
    await expect(probe(at('h264.mp4'), { isolate: true, signal: controller.signal })).rejects.toBe(
      reason,
    );
  });

  it('refuses limits that are none', async () => {
    await expect(FileSource.open(at('h264.mp4'), { isolate: { maxRssMb: 0 } })).rejects.toThrow(
      '`isolate.maxRssMb` must be a number above 0, got 0.',
    );
  });

  it.skipIf(process.platform !== 'linux')(
    'says that there is no memory for so many slots',
    async () => {
      const opening = FileSource.open(at('h264.mp4'), { isolate: true, slotCount: 2 ** 40 });
      await expect(opening).rejects.toMatchObject({ code: 'VB_NO_MEMORY' });
    },
  );

  it('gives the same frames where memory cannot be shared', async () => {
    const file = await openInProcess(at('h264.mp4'), LIMITS, undefined, () =>
      Promise.resolve(undefined),
    );
    const job = planJob(file.info, { slotCount: 3 });
    const hash = createHash('sha256');
    const frames: number[][] = [];
    const stats = await new Promise((resolve, reject) => {
      const onMessage: FeedListener['onMessage'] = (message) => {
        // Started below, and tells nothing before that.
        for (let filled = feed.take(); filled !== undefined; filled = feed.take()) {
          hash.update(feed.pixelsOf(filled.slot, job.width * job.height * 3));
          frames.push([filled.frameId, filled.tNs]);
          feed.release(filled.slot);
        }
        if (message.type === 'end') resolve(message.stats);
      };
      const feed = file.start(job, { onMessage, onDeath: reject });
      feed.keepAlive(true);
    });
    const inThread = await readAll(at('h264.mp4'), { slotCount: 3 });
    expect({ frames, pixels: hash.digest('hex'), stats }).toEqual({
      frames: inThread.frames,
      pixels: inThread.pixels,
      stats: inThread.stats,
    });
  });
});

describe('probe with isolate', () => {
  it.each(Object.keys(FILES))('tells the same: %s', async (name) => {
    expect(await probe(at(name), { isolate: true })).toStrictEqual(await probe(at(name)));
  });

  it('throws the same', async () => {
    await expect(probe(at('text.mp4'), { isolate: true })).rejects.toMatchObject({
      code: 'VB_NOT_MEDIA',
      details: { path: at('text.mp4') },
    });
  });
});

describe.skipIf(process.platform !== 'linux')('isolated sources that were closed', () => {
  it('leave no descriptor behind', async () => {
    const use = async (i: number): Promise<void> => {
      const source = await FileSource.open(at('h264.mp4'), { isolate: true, maxSide: 32 });
      if (i % 2 === 0) for await (const frame of source) if (frame.frameId >= 0) break;
      await source.close();
    };
    await use(0);
    const openFiles = (): number => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    for (let i = 0; i < 8; i++) await use(i);
    await expect(FileSource.open(at('text.mp4'), { isolate: true })).rejects.toThrow();
    await expect.poll(openFiles).toBe(before);
  });
});
