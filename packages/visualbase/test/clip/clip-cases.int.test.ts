import fc from 'fast-check';
import { rm } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractClip, type ClipResult } from '../../src/clip/extract-clip.ts';
import { isVisualError } from '../../src/errors/visual-error.ts';
import { probe } from '../../src/probe/probe.ts';
import {
  listPackets,
  listPictures,
  makeVideo,
  type FoundPicture,
  type MakeVideoOptions,
} from '../../src/testing/index.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

// CLIP_CASES=200 npm test -- clip-cases tries as many as a release should pass; CLIP_SEED tries others.
const CASE_COUNT = Number(process.env['CLIP_CASES'] ?? 40);
const SEED = Number(process.env['CLIP_SEED'] ?? 20261123);
const MS = 1_000_000;
/** Matroska and Flash round times to milliseconds. */
const ROUNDING_NS = 1.1 * MS;

const SOURCES: Readonly<Record<string, Omit<MakeVideoOptions, 'path'>>> = {
  'short-groups.mp4': { frameCount: 150, gop: 12, bFrames: 2, audio: true },
  'long-groups.mp4': { frameCount: 150, fps: 25, gop: 60, bFrames: 4, audio: true },
  'one-group.mp4': {
    ...{ frameCount: 120, fps: { num: 30_000, den: 1001 }, gop: 1000, bFrames: 3 },
    audio: { sampleRateHz: 44_100 },
  },
  'no-b-frames.mkv': { frameCount: 150, gop: 20, bFrames: 0, audio: true },
  'uneven.mp4': { timesMs: unevenTimesMs(120), gop: 15, audio: true },
  'late-start.mkv': { frameCount: 150, gop: 25, startOffsetSec: 1.35, audio: { codec: 'opus' } },
  'sideways.mp4': {
    ...{ frameCount: 120, rotationDeg: 90, width: 240, height: 320, gop: 15, audio: true },
  },
  'stream.ts': { frameCount: 150, gop: 30, audio: true },
  'long-sound.mp4': { frameCount: 90, gop: 18, audio: { durationSec: 6 } },
  'mp3.mkv': { frameCount: 120, gop: 24, audio: { codec: 'mp3', sampleRateHz: 44_100 } },
  'hevc.mp4': { codec: 'hevc', frameCount: 120, gop: 30, audio: true },
};
const METHODS = ['auto', 'copy', 'smart', 'encode'] as const;

function unevenTimesMs(count: number): number[] {
  const times = [0];
  for (let i = 1; i < count; i++) times.push(times[i - 1]! + 12 + ((i * 7919) % 61));
  return times;
}

const inFolder = useTempFolder();
interface Source {
  readonly path: string;
  readonly pictures: readonly FoundPicture[];
  readonly endNs: number;
}
const sources: Source[] = [];

beforeAll(async () => {
  for (const [name, options] of Object.entries(SOURCES)) {
    const path = inFolder(name);
    try {
      await makeVideo({ path, ...options });
    } catch (error) {
      // Builds of FFmpeg without GPL parts have no encoder for HEVC.
      if (isVisualError(error) && error.code === 'VB_UNSUPPORTED_CODEC') continue;
      throw error;
    }
    const pictures = await listPictures(path);
    sources.push({ path, pictures, endNs: pictures.at(-1)!.tNs + 40 * MS });
  }
}, 60_000);

/** How long the picture at an index is shown. */
function lengthAt({ pictures, endNs }: Source, index: number): number {
  return (pictures[index + 1]?.tNs ?? endNs) - pictures[index]!.tNs;
}

async function expectRightLengths(clip: ClipResult): Promise<void> {
  const packets = (await listPackets(clip.path)).filter(({ stream }) => stream === 'audio');
  const { durationNs: videoNs, video } = await probe(clip.path);
  expect(Math.abs(videoNs - clip.durationNs)).toBeLessThan(40 * MS);
  if (!clip.hasAudio) return;
  const startNs = Math.max(video.startNs, Math.min(...packets.map(({ tNs }) => tNs)));
  const endNs = Math.max(...packets.map(({ tNs, durationNs }) => tNs + durationNs));
  expect(startNs - video.startNs).toBeLessThan(40 * MS);
  expect(Math.abs(endNs - startNs - clip.durationNs)).toBeLessThan(40 * MS);
}

async function expectRightPictures(source: Source, clip: ClipResult): Promise<void> {
  const { pictures } = source;
  const found = await listPictures(clip.path);
  const first = pictures.findIndex(({ tNs }) => tNs === clip.startNs);
  const wanted = pictures.slice(first, first + clip.frameCount);
  expect(found.map(({ index }) => index)).toEqual(wanted.map(({ index }) => index));
  const times = clip.path.endsWith('.mkv') ? await storedTimes(clip.path) : timesOf(found);
  expect(times).toHaveLength(wanted.length);
  times.forEach((tNs, i) => {
    expect(Math.abs(tNs - (wanted[i]!.tNs - clip.startNs))).toBeLessThan(ROUNDING_NS);
  });
}

const timesOf = (pictures: readonly FoundPicture[]): number[] => pictures.map(({ tNs }) => tNs);

/** As stored: of a Matroska file with hardly any pictures FFmpeg does not know when the video starts. */
async function storedTimes(path: string): Promise<number[]> {
  const packets = (await listPackets(path)).filter(({ stream }) => stream === 'video');
  return packets.map(({ tNs }) => tNs).sort((a, b) => a - b);
}

const aCase = fc.record({
  source: fc.nat(1_000_000),
  at: fc.nat(1_000_000).map((n) => n / 1_000_001),
  preSec: fc.nat(1000).map((n) => n / 1000),
  postSec: fc.integer({ min: 100, max: 2000 }).map((n) => n / 1000),
  method: fc.constantFrom(...METHODS),
  container: fc.constantFrom('mp4' as const, 'mkv' as const),
});

describe(`${CASE_COUNT} clips around random moments`, () => {
  const methods = new Map<string, number>();

  it(
    'begin and end within a picture of what was asked, with sound as long as the pictures',
    { timeout: CASE_COUNT * 1000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(aCase, async ({ source: pick, at, preSec, postSec, ...options }) => {
          const source = sources[pick % sources.length]!;
          const eventTimeNs = Math.round(at * (source.endNs - 1));
          const trigger = Trigger.point({ eventTimeNs, preSec, postSec, label: 'case' });
          const startNs = Math.max(0, trigger.clipStartNs);
          const inside = source.pictures.filter(
            ({ tNs }) => tNs >= startNs && tNs < trigger.clipEndNs,
          );
          fc.pre(inside.length > 0);
          const clip = await extractClip(source.path, trigger, {
            outputDir: inFolder('clips'),
            ...options,
          });
          const mayBeWider = options.method === 'copy' && options.container === 'mkv';
          const [first, last] = [inside[0]!, inside.at(-1)!];
          const lastIndex = source.pictures.indexOf(last);
          if (mayBeWider) {
            expect(clip.startNs).toBeLessThanOrEqual(first.tNs);
            expect(clip.endNs).toBeGreaterThan(last.tNs);
          } else {
            expect(clip.startNs).toBe(first.tNs);
            expect(clip.frameCount).toBe(inside.length);
            const wantedEndNs = Math.min(trigger.clipEndNs, source.endNs);
            const tolerance = Math.max(lengthAt(source, lastIndex), 40 * MS) + ROUNDING_NS;
            expect(Math.abs(clip.endNs - wantedEndNs)).toBeLessThan(tolerance);
          }
          await expectRightPictures(source, clip);
          await expectRightLengths(clip);
          const key = `${options.method} -> ${clip.method}`;
          methods.set(key, (methods.get(key) ?? 0) + 1);
          await rm(clip.path);
        }),
        { numRuns: CASE_COUNT, seed: SEED, plugins: [fc.unbiased()] },
      );
      console.log(Object.fromEntries([...methods].sort()));
    },
  );

  it('tried every method', () => {
    const used = [...methods.keys()].map((key) => key.split(' -> ')[1]);
    expect([...new Set(used)].sort()).toEqual(['copy', 'encode', 'smart']);
  });
});
