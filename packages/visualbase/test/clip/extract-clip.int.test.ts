import { readdir, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAll } from '../../src/av/decode-all.ts';
import { extractClip, type ClipResult } from '../../src/clip/extract-clip.ts';
import { probe } from '../../src/probe/probe.ts';
import {
  listPictures,
  makeVideo,
  type FoundPicture,
  type MakeVideoOptions,
} from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { Trigger } from '../../src/trigger/trigger.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const SEED = 20261123;

async function expectExactly(clip: ClipResult, wanted: readonly FoundPicture[]): Promise<void> {
  const found = await listPictures(clip.path);
  expect(found.map(({ index }) => index)).toEqual(wanted.map(({ index }) => index));
  expect(clip.frameCount).toBe(wanted.length);
  expect(clip.startNs).toBe(wanted[0]!.tNs);
  expect(clip.durationNs).toBe(clip.endNs - clip.startNs);
  found.forEach(({ tNs }, i) => {
    expect(Math.abs(tNs - (wanted[i]!.tNs - wanted[0]!.tNs))).toBeLessThan(100_000);
  });
}

const TIMES_MS = [0, 40, 80, 300, 310, 350, 900, 1000, 1033, 1900, 1910, 1950, 2000, 2500];
const SOURCES: readonly (readonly [string, Omit<MakeVideoOptions, 'path'>])[] = [
  ['h264-b-frames.mp4', { gop: 25, bFrames: 3, frameCount: 90 }],
  ['h264-late-start.mkv', { gop: 40, frameCount: 90, startOffsetSec: 1.35 }],
  ['h264.ts', { gop: 20, frameCount: 90 }],
  ['ntsc.mp4', { fps: { num: 30_000, den: 1001 }, frameCount: 90, gop: 1000 }],
  ['mpeg4.mp4', { codec: 'mpeg4', bFrames: 2, frameCount: 75, fps: 25 }],
  ['vp9.webm', { frameCount: 60 }],
  ['mjpeg.avi', { codec: 'mjpeg', frameCount: 60 }],
  ['uneven.mp4', { timesMs: TIMES_MS, gop: 6 }],
  ['animation.gif', { width: 161, height: 121, fps: 10, frameCount: 30 }],
];

describe.each(SOURCES)('a clip of %s', (name, options) => {
  let path = '';
  let pictures: readonly FoundPicture[] = [];
  beforeAll(async () => {
    path = inFolder(name);
    const { timesNs } = await makeVideo({ path, ...options });
    pictures = await listPictures(path);
    expect(pictures.length).toBe(timesNs.length);
  });

  it('holds exactly the pictures of its range, at their times', async () => {
    const lengthNs = pictures.at(-1)!.tNs + 1;
    const moment = fc.integer({ min: 0, max: lengthNs });
    await fc.assert(
      fc.asyncProperty(moment, moment, async (one, other) => {
        const [startNs, endNs] = [Math.min(one, other), Math.max(one, other)];
        const wanted = pictures.filter(({ tNs }) => tNs >= startNs && tNs < endNs);
        fc.pre(wanted.length > 0);
        const clip = await extractClip(path, { startNs, endNs }, { outputDir: inFolder('out') });
        await expectExactly(clip, wanted);
      }),
      { numRuns: 4, seed: SEED },
    );
  });

  it('begins with the picture whose time is the start, and ends before the one at the end', async () => {
    const [first, end] = [pictures[3]!, pictures[8]!];
    const range = { startNs: first.tNs, endNs: end.tNs };
    const clip = await extractClip(path, range, { outputDir: inFolder('out') });
    await expectExactly(clip, pictures.slice(3, 8));
    expect(Math.abs(clip.endNs - end.tNs)).toBeLessThan(100_000);
  });
});

describe('extractClip', () => {
  let path = '';
  beforeAll(async () => {
    path = inFolder('plain.mp4');
    await makeVideo({ path, frameCount: 60 });
  });

  it('takes the clip range of a trigger, and its label for a name', async () => {
    const trigger = Trigger.point({
      eventTimeNs: secToNs(1),
      preSec: 0.25,
      postSec: 0.5,
      label: 'wave: left/right',
    });
    const clip = await extractClip(path, trigger, { outputDir: inFolder('triggers') });
    expect(clip.path).toBe(inFolder('triggers', 'wave- left-right.mp4'));
    expect(clip).toMatchObject({ requestedStartNs: 750_000_000, requestedEndNs: 1_500_000_000 });
    expect((await listPictures(clip.path))[0]!.index).toBe(23);
  });

  it('cuts a range at the ends of the file and says so', async () => {
    const range = { startNs: secToNs(-3), endNs: secToNs(60) };
    const clip = await extractClip(path, range, { outputDir: inFolder('out') });
    expect(clip).toMatchObject({
      requestedStartNs: secToNs(-3),
      requestedEndNs: secToNs(60),
      startNs: 0,
      endNs: secToNs(2),
      frameCount: 60,
      hasAudio: false,
      method: 'copy',
    });
  });

  it('shows the last picture before a gap until the end of the range', async () => {
    const source = inFolder('gap.mp4');
    await makeVideo({ path: source, timesMs: [0, 100, 200, 5000, 5100] });
    const range = { startNs: secToNs(0.1), endNs: secToNs(3) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out') });
    expect(clip).toMatchObject({ frameCount: 2, endNs: secToNs(3) });
    const { durationNs } = await probe(clip.path);
    expect(durationNs).toBe(secToNs(2.9));
  });

  it.each([
    ['behind the end', 5, 6],
    ['before the start', -2, -1],
    ['between two pictures', 1.001, 1.002],
  ])('refuses a range %s', async (_, startSec, endSec) => {
    const range = { startNs: secToNs(startSec), endNs: secToNs(endSec) };
    const outputDir = inFolder('outside');
    await expect(extractClip(path, range, { outputDir })).rejects.toMatchObject({
      code: 'VB_CLIP_OUTSIDE',
    });
    expect(await readdir(outputDir).catch(() => [])).toEqual([]);
  });

  it.each([
    [{ startNs: 5, endNs: 5 }, {}, /must end after its start.*5.*5/],
    [{ startNs: 0.5, endNs: 5 }, {}, /startNs.*0\.5/],
    [{ startNs: 0, endNs: Infinity }, {}, /endNs.*Infinity/],
    [{ startNs: 0, endNs: 5 }, { crf: 52 }, /crf.*52/],
    [{ startNs: 0, endNs: 5 }, { preset: 'warp' as 'slow' }, /preset.*"warp"/],
    [{ startNs: 0, endNs: 5 }, { method: 'guess' as 'copy' }, /method.*"guess"/],
  ])('refuses %o with %o', async (range, options, message) => {
    const clip = extractClip(path, range, { outputDir: inFolder('out'), ...options });
    await expect(clip).rejects.toThrow(message);
  });

  it('passes on what is wrong with the source', async () => {
    const range = { startNs: 0, endNs: 1 };
    const clip = extractClip(inFolder('missing.mp4'), range, { outputDir: inFolder('out') });
    await expect(clip).rejects.toMatchObject({ code: 'VB_FILE_NOT_FOUND' });
  });

  it('keeps the turn of a video that was filmed sideways', async () => {
    const source = inFolder('sideways.mp4');
    await makeVideo({ path: source, rotationDeg: 90, width: 240, height: 320, frameCount: 20 });
    const range = { startNs: secToNs(0.2), endNs: secToNs(0.5) };
    const clip = await extractClip(source, range, { outputDir: inFolder('out') });
    const { video } = await probe(clip.path);
    expect(video).toMatchObject({ rotationDeg: 90, width: 240, height: 320 });
    expect((await listPictures(clip.path))[0]!.index).toBe(6);
  });

  it('gives what exists of a file that was cut off', async () => {
    const whole = inFolder('whole.mkv');
    await makeVideo({ path: whole, frameCount: 120, gop: 20 });
    const bytes = await readFile(whole);
    const cut = inFolder('cut.mkv');
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const left = await listPictures(cut);
    expect(left.length).toBeGreaterThan(40);
    expect(left.length).toBeLessThan(119);
    const range = { startNs: secToNs(1), endNs: secToNs(4) };
    const clip = await extractClip(cut, range, { outputDir: inFolder('out') });
    expect(clip.frameCount).toBe(left.filter(({ tNs }) => tNs >= range.startNs).length);
  });

  it.each([
    ['8-bit limited range', 'ref.mp4', {}],
    ['4:4:4', '444.mp4', { pixelFormat: 'yuv444p' }],
    ['10 bit', '10-bit.mkv', { codec: 'hevc', pixelFormat: 'yuv420p10le' }],
    ['full range', 'full.avi', { codec: 'mjpeg' }],
    ['palette, odd size', 'odd.gif', { width: 121, height: 91 }],
  ] as const)('writes 8-bit 4:2:0 with the colours of the source: %s', async (_, name, options) => {
    const source = inFolder(name);
    await makeVideo({ path: source, frameCount: 10, width: 120, height: 90, ...options });
    const range = { startNs: 0, endNs: secToNs(0.2) };
    const clip = await extractClip(source, range, {
      outputDir: inFolder('out'),
      crf: 10,
      method: 'encode',
    });
    const { video } = await probe(clip.path);
    expect(video).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', width: 120, height: 90 });
    const [before, after] = [await meanColor(source), await meanColor(clip.path)];
    after.forEach((mean, channel) => expect(Math.abs(mean - before[channel]!)).toBeLessThan(4));
  });

  it('puts the index in front, for players that start while loading', async () => {
    const range = { startNs: 0, endNs: secToNs(0.5) };
    const clip = await extractClip(path, range, { outputDir: inFolder('out') });
    const bytes = await readFile(clip.path);
    expect(bytes.length).toBe(clip.sizeBytes);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('leaves the event loop free while it works', async () => {
    let isDone = false;
    let turnCount = 0;
    const turn = (): void => {
      turnCount += 1;
      if (!isDone) setImmediate(turn);
    };
    turn();
    const range = { startNs: 0, endNs: secToNs(2) };
    await extractClip(path, range, { outputDir: inFolder('out') });
    isDone = true;
    expect(turnCount).toBeGreaterThan(50);
  });
});

/** Mean of red, green and blue of the first picture. */
async function meanColor(path: string): Promise<readonly number[]> {
  const sums = [0, 0, 0];
  let isFirst = true;
  await decodeAll(path, (_, { width, height, strideBytes, data }) => {
    if (!isFirst) return;
    isFirst = false;
    for (let y = 0; y < height; y++) {
      for (let i = 0; i < width * 3; i++) sums[i % 3]! += data[y * strideBytes + i]!;
    }
    sums.forEach((sum, channel) => (sums[channel] = sum / (width * height)));
  });
  return sums;
}
