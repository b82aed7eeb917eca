import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SampleGrid } from '../../src/decode/sample-grid.ts';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from './read-source.ts';

const at = useTempFolder();
const FRAME_COUNT = 150;

interface Seen {
  readonly frameId: number;
  readonly tNs: number;
  readonly pixels: string;
}

async function see(path: string, options: FileSourceOptions = {}) {
  const seen: Seen[] = [];
  const source = await FileSource.open(path, options);
  for await (const { frameId, tSrcNs, data } of source) {
    seen.push({ frameId, tNs: tSrcNs, pixels: createHash('sha1').update(data).digest('hex') });
  }
  return { seen, stats: source.stats! };
}

/** What sampling is to give, picked from all pictures. */
function pick(all: readonly Seen[], { fps, startSec = 0, endSec = Infinity }: FileSourceOptions) {
  const startNs = secToNs(startSec);
  const grid = fps === undefined ? undefined : new SampleGrid(fps, startNs);
  const inRange = all.filter(({ tNs }) => tNs >= startNs && tNs < secToNs(endSec));
  return inRange.filter(({ tNs }) => grid === undefined || grid.take(tNs));
}

const SAMPLINGS: readonly FileSourceOptions[] = [
  { fps: 10 },
  { fps: 7 },
  { fps: 1 },
  { fps: 0.3 },
  { fps: 4, startSec: 1.9, endSec: 3.6 },
  { fps: 1, startSec: 2.5 },
];

/** Files, and how many pictures may be decoded at one a second: all, where nothing can be left out. */
const FILES: readonly (readonly [string, Omit<MakeVideoOptions, 'path'>, number])[] = [
  ['h264-closed.mp4', { gop: 25, openGop: false }, 75],
  ['h264-closed.mkv', { gop: 12, openGop: false, bFrames: 3 }, 60],
  ['h264-closed.ts', { gop: 20, openGop: false, startOffsetSec: 2 }, 75],
  ['h264-long.mp4', { gop: 100, openGop: false }, FRAME_COUNT],
  ['h264-open.mp4', { gop: 25, openGop: true }, FRAME_COUNT],
  ['h264-open.ts', { gop: 12, openGop: true, bFrames: 3 }, FRAME_COUNT],
  ['h264-all-key.mp4', { gop: 1 }, 6],
  ['h264-no-b.mkv', { gop: 30, bFrames: 0 }, 75],
  ['h264-interlaced.mp4', { gop: 24, interlaced: true }, FRAME_COUNT],
  ['h264-uneven.mkv', { gop: 20, timesMs: unevenTimes() }, FRAME_COUNT],
  ['h264-turned.mp4', { gop: 25, rotationDeg: 90 }, FRAME_COUNT],
  ['hevc-closed.mp4', { codec: 'hevc', gop: 25, openGop: false }, 90],
  ['hevc-open.mkv', { codec: 'hevc', gop: 25, openGop: true }, FRAME_COUNT],
  ['hevc-10-bit.ts', { codec: 'hevc', gop: 20, openGop: false, pixelFormat: 'yuv420p10le' }, 90],
  ['vp9.webm', { gop: 20 }, 75],
  ['av1.mp4', { codec: 'av1', gop: 20 }, 90],
  ['av1.mkv', { codec: 'av1', gop: 30 }, 90],
  ['mpeg4.mp4', { codec: 'mpeg4', gop: 12 }, 60],
  ['mpeg4-b.mkv', { codec: 'mpeg4', gop: 15, bFrames: 2 }, FRAME_COUNT],
  ['mpeg4-closed.mp4', { codec: 'mpeg4', gop: 15, bFrames: 2, openGop: false }, FRAME_COUNT],
  ['mpeg4-b.avi', { codec: 'mpeg4', gop: 15, bFrames: 2 }, FRAME_COUNT],
  ['mpeg2.ts', { codec: 'mpeg2', gop: 12, bFrames: 2 }, FRAME_COUNT],
  ['mpeg2.mkv', { codec: 'mpeg2', gop: 15, openGop: false }, FRAME_COUNT],
  ['mjpeg.avi', { codec: 'mjpeg' }, 6],
  ['mjpeg.mkv', { codec: 'mjpeg' }, 6],
  ['ffv1.mkv', { codec: 'ffv1', gop: 1 }, 6],
  ['animation.gif', { fps: 25 }, FRAME_COUNT],
];

function unevenTimes(): readonly number[] {
  return Array.from({ length: FRAME_COUNT }, (_, i) => i * 33 + (i % 5) * 6 + (i > 70 ? 1500 : 0));
}

describe('sampling gives the pictures that full decoding gives, bit for bit', () => {
  it.each(FILES)('of %s', async (name, options, mostDecoded) => {
    const { path } = await makeVideo({
      path: at(name),
      width: 160,
      height: 128,
      frameCount: FRAME_COUNT,
      ...options,
    });
    const all = await see(path);
    expect(all.seen).toHaveLength(FRAME_COUNT);
    for (const sampling of SAMPLINGS) {
      const { seen, stats } = await see(path, sampling);
      expect(seen).toEqual(pick(all.seen, sampling));
      expect(stats.damage).toEqual(all.stats.damage);
      if (sampling.fps === 1 && sampling.startSec === undefined) {
        expect(stats.decodedCount).toBeLessThanOrEqual(mostDecoded);
      }
    }
  });

  it.each<[string, Omit<MakeVideoOptions, 'path'>]>([
    ['part.mp4', { openGop: false }],
    ['part-open.ts', { openGop: true, bFrames: 3 }],
    ['part.webm', {}],
    ['part.gif', { fps: 25 }],
    ['part.avi', { codec: 'mjpeg' }],
  ])('and so does a part of a file: %s', async (name, options) => {
    const path = at(name);
    await makeVideo({ path, width: 160, height: 128, frameCount: 61, gop: 20, ...options });
    const all = (await see(path)).seen;
    // In the middle of a group, at its first picture, just before it, and at the last picture.
    for (const first of [31, 40, 39, 60]) {
      const startSec = all[first]!.tNs / 1e9;
      for (const endSec of [startSec + 0.2, 100]) {
        const part = await see(path, { startSec, endSec });
        expect(part.seen).toEqual(pick(all, { startSec, endSec }));
      }
    }
  });
});

describe('sampling a damaged file', () => {
  it.each(['spoilt.mp4', 'spoilt.ts'])('gives the same outside the damage: %s', async (name) => {
    const path = at(name);
    await makeVideo({ path, width: 320, height: 240, frameCount: 150, gop: 15, openGop: false });
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    await writeFile(path, bytes.fill(0x5a, middle, middle + 4000));
    const all = await see(path);
    expect(all.stats.damage.packetCount + all.stats.damage.pictureCount).toBeGreaterThan(0);
    const { seen, stats } = await see(path, { fps: 10 });
    expect(stats.damage.packetCount + stats.damage.pictureCount).toBeGreaterThan(0);
    const isSound = ({ tNs }: Seen): boolean => tNs < 1.5e9 || tNs >= 3.5e9;
    expect(seen.filter(isSound)).toEqual(pick(all.seen, { fps: 10 }).filter(isSound));
  });
});
