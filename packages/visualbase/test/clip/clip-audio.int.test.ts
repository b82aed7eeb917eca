import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractClip } from '../../src/clip/extract-clip.ts';
import { probe } from '../../src/probe/probe.ts';
import {
  listBeeps,
  listPackets,
  makeVideo,
  type MakeVideoOptions,
} from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const run = promisify(execFile);
const hasFfprobe = await run('ffprobe', ['-version']).then(
  () => true,
  () => false,
);
const inFolder = useTempFolder();
const MS = 1_000_000;

const SOURCES: readonly (readonly [string, string, Omit<MakeVideoOptions, 'path'>])[] = [
  ['aac.mp4', 'aac', { audio: true }],
  ['aac-44100.mp4', 'aac', { audio: { sampleRateHz: 44_100 } }],
  ['aac-8000.mp4', 'aac', { audio: { sampleRateHz: 8_000 } }],
  ['aac.ts', 'aac', { audio: true }],
  ['mp3.mkv', 'mp3', { audio: { codec: 'mp3', sampleRateHz: 44_100 } }],
  ['opus.webm', 'opus', { audio: true }],
  ['late-start.mkv', 'opus', { audio: { codec: 'opus' }, startOffsetSec: 1.35 }],
  ['flac.mkv', 'aac', { audio: { codec: 'flac' } }],
  ['pcm.avi', 'aac', { codec: 'mjpeg', audio: { codec: 'pcm', sampleRateHz: 44_100 } }],
];

describe.each(SOURCES)('a clip of %s', (name, codec, options) => {
  let source = '';
  beforeAll(async () => {
    source = inFolder(name);
    await makeVideo({ path: source, frameCount: 120, gop: 25, pattern: 'bars', ...options });
  });

  it.each([
    [0, 1.2],
    [1.111, 2.345],
    [2.5, 3.7],
  ])('has the sound of %d to %d s, in time with the pictures', async (startSec, endSec) => {
    const range = { startNs: secToNs(startSec), endNs: secToNs(endSec) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out'), name });
    expect(clip.hasAudio).toBe(true);
    expect((await probe(clip.path)).audio?.codec).toBe(codec);

    const inside = (tNs: number): boolean => tNs >= clip.startNs && tNs + 45 * MS < clip.endNs;
    const wanted = (await listBeeps(source)).filter(({ tNs }) => inside(tNs));
    const found = await listBeeps(clip.path);
    expect(wanted.length).toBeGreaterThan(2);
    expect(found.map(({ pitch }) => pitch)).toEqual(wanted.map(({ pitch }) => pitch));
    found.forEach(({ tNs }, i) => {
      expect(Math.abs(tNs - (wanted[i]!.tNs - clip.startNs))).toBeLessThan(3 * MS);
    });

    const audio = (await listPackets(clip.path)).filter(({ stream }) => stream === 'audio');
    const endNs = Math.max(...audio.map(({ tNs, durationNs }) => tNs + durationNs));
    expect(endNs).toBeLessThan(clip.durationNs + 40 * MS);
    expect(endNs).toBeGreaterThan(clip.durationNs - 40 * MS);
  });

  it.skipIf(!hasFfprobe)(
    'starts both streams together and ends them together, says ffprobe (needs ffprobe on the PATH)',
    async () => {
      const range = { startNs: secToNs(1.234), endNs: secToNs(2.9) };
      const clip = await extractClip(source, range, { outputDir: inFolder('out'), name });
      const { stdout } = await run('ffprobe', [
        ...['-v', 'error', '-of', 'json', '-show_entries', 'stream=codec_type,start_time,duration'],
        clip.path,
      ]);
      const { streams } = JSON.parse(stdout) as {
        streams: { codec_type: string; start_time: string; duration: string }[];
      };
      expect(streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio']);
      const [video, audio] = streams;
      expect(Math.abs(Number(audio!.start_time) - Number(video!.start_time))).toBeLessThan(0.025);
      expect(Number(video!.duration)).toBeCloseTo(clip.durationNs / 1e9, 3);
      expect(Math.abs(Number(audio!.duration) - Number(video!.duration))).toBeLessThan(0.04);
    },
  );
});

describe('extractClip', () => {
  it('leaves the sound out when asked to', async () => {
    const source = inFolder('silent.mp4');
    await makeVideo({ path: source, frameCount: 30, audio: true });
    const range = { startNs: 0, endNs: secToNs(0.5) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out'), audio: false });
    expect(clip.hasAudio).toBe(false);
    expect((await probe(clip.path)).audio).toBeUndefined();
  });

  it('keeps a soundtrack that begins late where it belongs', async () => {
    const source = inFolder('late-sound.mp4');
    await makeVideo({ path: source, frameCount: 90, audio: { delaySec: 1.5 } });
    const range = { startNs: secToNs(1), endNs: secToNs(2.5) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out') });
    const beeps = await listBeeps(clip.path);
    expect(beeps.map(({ pitch }) => pitch)).toEqual([0, 1, 2, 3]);
    expect(Math.abs(beeps[0]!.tNs - secToNs(0.5))).toBeLessThan(3 * MS);
  });

  it.each([
    ['mp4', 'aac'],
    ['mkv', 'flac'],
  ] as const)('says when no sound lies in the range (%s with %s)', async (ending, codec) => {
    const source = inFolder(`short-sound.${ending}`);
    await makeVideo({ path: source, frameCount: 90, audio: { codec, durationSec: 0.5 } });
    const range = { startNs: secToNs(1.5), endNs: secToNs(2.5) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out') });
    expect(clip).toMatchObject({ hasAudio: false, frameCount: 30 });
    expect((await probe(clip.path)).audio).toBeUndefined();
  });
});
