import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';
import { useTempFolder } from './read-source.ts';

const run = promisify(execFile);
const hasFfprobe = await run('ffprobe', ['-version']).then(
  () => true,
  () => false,
);
const at = useTempFolder();
const NTSC = { num: 30_000, den: 1001 };

const FILES: Readonly<Record<string, Omit<MakeVideoOptions, 'path'>>> = {
  'h264-b.mp4': { bFrames: 3 },
  'h264-open.mkv': { gop: 12, openGop: true },
  'ntsc.mp4': { fps: NTSC },
  'ntsc.mkv': { fps: NTSC, bFrames: 0 },
  'film.mov': { fps: { num: 24_000, den: 1001 } },
  'uneven.mp4': { timesMs: unevenTimes(50) },
  'uneven.mkv': { timesMs: unevenTimes(50) },
  'late.mp4': { startOffsetSec: 2.5 },
  'late.mkv': { startOffsetSec: 1.234 },
  'transport.ts': { startOffsetSec: 3 },
  'transport-sound.ts': { audio: true, fps: 25 },
  'turned-0.mp4': { rotationDeg: 0 },
  'turned-90.mp4': { rotationDeg: 90 },
  'turned-180.mp4': { rotationDeg: 180 },
  'turned-270.mov': { rotationDeg: 270 },
  'animation.gif': { fps: 25 },
  'uneven.gif': { timesMs: [0, 40, 100, 350, 1000, 1020, 3000] },
  'mjpeg.avi': { codec: 'mjpeg', fps: 24 },
  'mjpeg.mkv': { codec: 'mjpeg' },
  'mpeg4.avi': { codec: 'mpeg4' },
  'mpeg4-b.mp4': { codec: 'mpeg4', bFrames: 2 },
  'mpeg2.ts': { codec: 'mpeg2', bFrames: 2, gop: 12, fps: 25 },
  'mpeg2.mkv': { codec: 'mpeg2', fps: 25 },
  'interlaced.mp4': { interlaced: true, fps: 25 },
  'interlaced.ts': { codec: 'mpeg2', interlaced: true, fps: 25 },
  'vp9.webm': {},
  'vp9-uneven.webm': { timesMs: unevenTimes(40) },
  'av1.mp4': { codec: 'av1', fps: NTSC },
  'av1.mkv': { codec: 'av1' },
  'hevc.mp4': { codec: 'hevc' },
  'hevc.ts': { codec: 'hevc', startOffsetSec: 1 },
  'ten-bit.mkv': { codec: 'hevc', pixelFormat: 'yuv420p10le' },
  'odd.avi': { codec: 'mjpeg', width: 161, height: 119 },
  'odd.webm': { width: 163, height: 121 },
  'long-sound.mp4': { audio: { durationSec: 4 } },
  'early-video.mkv': { audio: { delaySec: 0.3, durationSec: 3 } },
  'cover.mp4': { cover: true, audio: true },
  'one-picture.mp4': { frameCount: 1 },
};

/** Steps of 8 to 70 ms, and a gap. */
function unevenTimes(count: number): readonly number[] {
  let timeMs = 0;
  return Array.from({ length: count }, (_, i) => {
    const now = timeMs;
    timeMs += 8 + ((i * 37) % 63) + (i === 20 ? 700 : 0);
    return now;
  });
}

interface Probed {
  readonly streams: readonly {
    readonly index: number;
    readonly time_base: string;
    readonly start_pts: number;
    readonly disposition: { readonly attached_pic: number };
  }[];
  readonly frames: readonly {
    readonly stream_index: number;
    readonly pts?: number;
    readonly best_effort_timestamp: number;
  }[];
}

/** What ffprobe says of every picture, in nanoseconds from the start of the stream, exactly rounded. */
async function probedTimes(path: string) {
  const { stdout } = await run(
    'ffprobe',
    [
      ...['-v', 'error', '-of', 'json', '-select_streams', 'v', '-show_frames', '-show_entries'],
      'stream=index,time_base,start_pts:stream_disposition=attached_pic:frame=stream_index,pts,best_effort_timestamp',
      path,
    ],
    { maxBuffer: 1 << 26 },
  );
  const { streams, frames } = JSON.parse(stdout) as Probed;
  const stream = streams.find(({ disposition }) => disposition.attached_pic === 0)!;
  const [num, den] = stream.time_base.split('/').map(BigInt) as [bigint, bigint];
  const hasCover = streams.some(({ disposition }) => disposition.attached_pic === 1);
  const times = frames
    .filter((frame) => frame.stream_index === stream.index)
    .map(({ pts, best_effort_timestamp: guess }) => {
      const ns = BigInt((pts ?? guess) - stream.start_pts) * num * 1_000_000_000n;
      const nearest = (2n * ns + den) / (2n * den);
      return Number(nearest);
    });
  return { times, hasCover };
}

describe('times and numbers of pictures are those that ffprobe reads (needs ffprobe on the PATH)', () => {
  it.skipIf(!hasFfprobe).each(Object.entries(FILES))('in %s', async (name, options) => {
    const { path } = await makeVideo({
      path: at(name),
      width: 160,
      height: 120,
      frameCount: 45,
      ...options,
    });
    const times: number[] = [];
    for await (const { tSrcNs } of await FileSource.open(path)) times.push(tSrcNs);
    const probed = await probedTimes(path);
    expect(times).toEqual(probed.times);
    expect(probed.hasCover).toBe(options.cover ?? false);
  });
});

describe('a grid of times', () => {
  const evenly: Omit<MakeVideoOptions, 'path'> = { fps: 60, frameCount: 600 };
  it.each<[string, Omit<MakeVideoOptions, 'path'>]>([
    ['even.mp4', evenly],
    ['even.mkv', { ...evenly, fps: { num: 60_000, den: 1001 } }],
    ['even.webm', { fps: 25, frameCount: 250 }],
    ['vfr.mp4', { timesMs: quickTimes(600) }],
    ['vfr.mkv', { timesMs: quickTimes(600) }],
    ['vfr-gaps.mp4', { timesMs: unevenTimes(200) }],
  ])('is met within one picture, from the first on, without drift: %s', async (name, options) => {
    const path = at(`grid-${name}`);
    await makeVideo({ path, width: 64, height: 48, pattern: 'bars', ...options });
    const all: number[] = [];
    for await (const { tSrcNs } of await FileSource.open(path)) all.push(tSrcNs);
    const durationNs = all.at(-1)! + (all.at(-1)! - all.at(-2)!);
    const longestNs = Math.max(...all.map((tNs, i) => (i === 0 ? 0 : tNs - all[i - 1]!)));
    for (const fps of [1, 7, 10, 20, 24.98, 60]) {
      const sampled: number[] = [];
      for await (const { tSrcNs } of await FileSource.open(path, { fps })) sampled.push(tSrcNs);
      expect(sampled[0]).toBe(all[0]);
      expect(sampled).toEqual(all.filter((tNs, i) => point(tNs, fps) > point(all[i - 1], fps)));
      // A picture serves once, so there are fewer where the grid is finer than the source.
      if (longestNs * fps <= 1e9) {
        expect(Math.abs(sampled.length - (durationNs * fps) / 1e9)).toBeLessThanOrEqual(1);
      } else {
        expect(sampled.length).toBeLessThanOrEqual((durationNs * fps) / 1e9 + 1);
      }
    }
  });
});

/** Steps of 8 to 24 ms. */
function quickTimes(count: number): readonly number[] {
  let timeMs = 0;
  return Array.from({ length: count }, (_, i) => {
    const now = timeMs;
    timeMs += 8 + ((i * 29) % 17);
    return now;
  });
}

/** The last point of the grid at or before a time, in whole numbers; what is a millisecond early counts. */
function point(tNs: number | undefined, fps: number): bigint {
  if (tNs === undefined) return -1n;
  const hundredths = BigInt(Math.round(fps * 100));
  return ((BigInt(tNs) + 1_000_000n) * hundredths) / 100_000_000_000n;
}
