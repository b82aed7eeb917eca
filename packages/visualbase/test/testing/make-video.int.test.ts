import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import {
  BEEP_INTERVAL_SEC,
  listBeeps,
  listPackets,
  listPictures,
  makeVideo,
  type MakeVideoOptions,
} from '../../src/testing/index.ts';
import { useTempFolder } from './temp-folder.ts';

const inFolder = useTempFolder();

const KINDS: readonly (readonly [string, Omit<MakeVideoOptions, 'path'>])[] = [
  ['h264-b-frames.mp4', { bFrames: 2 }],
  ['h264-444.mp4', { pixelFormat: 'yuv444p' }],
  ['h264.ts', {}],
  ['hevc-10-bit.mkv', { codec: 'hevc', pixelFormat: 'yuv420p10le' }],
  ['vp9.webm', {}],
  ['mpeg4.mp4', { codec: 'mpeg4' }],
  ['mjpeg.avi', { codec: 'mjpeg' }],
  ['animation.gif', { width: 161, height: 121, fps: 10 }],
  ['turned.mp4', { rotationDeg: 90, width: 200, height: 320 }],
  ['tiny.mp4', { width: 64, height: 48 }],
  ['noise.mp4', { pattern: 'noise' }],
  ['bars.mp4', { pattern: 'bars' }],
];

describe('makeVideo', () => {
  it.each(KINDS)('writes numbered pictures that survive coding: %s', async (name, options) => {
    const path = inFolder(name);
    const { timesNs } = await makeVideo({ path, frameCount: 20, ...options });
    const found = await listPictures(path);
    expect(found.map((picture) => picture.index)).toEqual(timesNs.map((_, index) => index));
    found.forEach(({ tNs }, index) => {
      expect(Math.abs(tNs - timesNs[index]!)).toBeLessThanOrEqual(500_000);
    });
  });

  it('keeps uneven times', async () => {
    const timesMs = [0, 40, 80, 300, 310, 900, 1000];
    const path = inFolder('uneven.mp4');
    await makeVideo({ path, timesMs });
    const found = await listPictures(path);
    expect(found.map(({ tNs }) => tNs / 1e6)).toEqual(timesMs);
  });

  it('stores the turn that a player has to apply', async () => {
    const path = inFolder('turned-270.mp4');
    await makeVideo({ path, frameCount: 3, rotationDeg: 270, width: 200, height: 320 });
    const { video } = await probe(path);
    expect(video).toMatchObject({ rotationDeg: 270, width: 200, height: 320 });
    expect((await listPictures(path)).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('starts later on the clock of the container when asked to', async () => {
    const path = inFolder('late.mkv');
    await makeVideo({ path, frameCount: 5, startOffsetSec: 1.35 });
    const { video } = await probe(path);
    expect(video.startNs).toBe(1_350_000_000);
    expect((await listPictures(path))[0]).toEqual({ tNs: 0, index: 0 });
  });

  it('places key frames where asked', async () => {
    const path = inFolder('gop.mp4');
    await makeVideo({ path, frameCount: 25, gop: 10 });
    const packets = await listPackets(path);
    const keys = packets.filter(({ isKeyFrame }) => isKeyFrame).map(({ tNs }) => tNs);
    expect(keys).toEqual([0, 333_333_333, 666_666_667]);
  });

  it.each(['aac', 'mp3', 'opus', 'flac', 'pcm', 'vorbis'] as const)(
    'writes a soundtrack whose beeps tell the time: %s',
    async (codec) => {
      const path = inFolder(`beeps-${codec}.mkv`);
      await makeVideo({ path, frameCount: 45, audio: { codec } });
      const beeps = await listBeeps(path);
      expect(beeps.map(({ pitch }) => pitch)).toEqual([0, 1, 2, 3, 4, 5]);
      for (const { tNs, pitch } of beeps) {
        expect(Math.abs(tNs / 1e9 - pitch * BEEP_INTERVAL_SEC)).toBeLessThan(0.003);
      }
    },
  );

  it('writes the same bytes every time', async () => {
    const [one, two] = [inFolder('one.avi'), inFolder('two.avi')];
    for (const path of [one, two]) await makeVideo({ path, frameCount: 5, codec: 'mjpeg' });
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
  });

  describe('refuses', () => {
    let path = '';
    beforeAll(() => (path = inFolder('never.mp4')));

    it('a video without pictures', async () => {
      await expect(makeVideo({ path, frameCount: 0 })).rejects.toThrow(RangeError);
    });

    it('a codec that the container cannot hold', async () => {
      const made = makeVideo({ path, codec: 'gif' });
      await expect(made).rejects.toMatchObject({ code: 'VB_FFMPEG' });
    });
  });
});
