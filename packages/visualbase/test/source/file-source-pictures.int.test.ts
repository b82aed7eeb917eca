import { describe, expect, it } from 'vitest';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder } from './read-source.ts';

const at = useTempFolder();
const NTSC = { num: 30_000, den: 1001 };
const UNEVEN_MS = [0, 10, 50, 60, 200, 1000, 1030, 1070, 3000];

const FILES: Readonly<Record<string, Omit<MakeVideoOptions, 'path'>>> = {
  'h264-b.mp4': { gop: 12 },
  'h264-b.mkv': { gop: 12 },
  'h264-b.ts': { gop: 12 },
  'h264.mov': { bFrames: 0 },
  'ntsc.mp4': { fps: NTSC },
  'ntsc.avi': { fps: NTSC, codec: 'mpeg4' },
  'mpeg4.mp4': { codec: 'mpeg4' },
  'mpeg4-b.mp4': { codec: 'mpeg4', bFrames: 2 },
  'mpeg4-b.avi': { codec: 'mpeg4', bFrames: 2 },
  'mjpeg.avi': { codec: 'mjpeg' },
  'mjpeg.mkv': { codec: 'mjpeg' },
  'hevc.mp4': { codec: 'hevc' },
  'vp9.webm': {},
  'ffv1.mkv': { codec: 'ffv1' },
  'ten-bit.mkv': { codec: 'ffv1', pixelFormat: 'yuv420p10le' },
  'full-chroma.mp4': { pixelFormat: 'yuv444p' },
  'animation.gif': { fps: 25 },
  'uneven.mp4': { timesMs: UNEVEN_MS },
  'uneven.mkv': { timesMs: UNEVEN_MS },
  'uneven.gif': { timesMs: UNEVEN_MS },
  'late.mp4': { startOffsetSec: 5 },
  'late.mkv': { startOffsetSec: 5 },
  'late.ts': { startOffsetSec: 5 },
  'sound.mp4': { audio: { delaySec: 0.2 } },
  'sound.ts': { audio: true },
  'sound.webm': { audio: true },
  'one-picture.mp4': { frameCount: 1 },
};

/** What containers round times to. */
const tickNs = (name: string): number => (/\.(mkv|webm)$/.test(name) ? 1_000_000 : 1);

describe('FileSource gives every picture', () => {
  it.each(Object.entries(FILES))('in order, at its exact time, of %s', async (name, options) => {
    const made = await makeVideo({ path: at(name), frameCount: 40, ...options });
    const { pictures, stats } = await readSource(made.path);
    const expected = made.timesNs.map((tNs, frameId) => ({
      frameId,
      index: frameId,
      tNs: Math.round(tNs / tickNs(name)) * tickNs(name),
      size: '320x240',
    }));
    expect(pictures).toEqual(expected);
    expect(stats).toEqual({
      packetCount: expected.length,
      decodedCount: expected.length,
      deliveredCount: expected.length,
      damage: {
        packetCount: 0,
        pictureCount: 0,
        missingCount: 0,
        missingNs: 0,
        repairedTimeCount: 0,
        readError: undefined,
      },
    });
  });

  it.each([90, 180, 270] as const)('upright when a player has to turn it by %i', async (deg) => {
    const { path } = await makeVideo({
      path: at(`turned-${deg}.mp4`),
      frameCount: 5,
      rotationDeg: deg,
    });
    const { pictures, info } = await readSource(path);
    expect(info.video.rotationDeg).toBe(deg);
    expect(pictures.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(pictures[0]!.size).toBe('320x240');
  });

  it('upright and scaled when it is both turned and scaled', async () => {
    const { path } = await makeVideo({
      path: at('turned-tall.mp4'),
      width: 180,
      height: 320,
      frameCount: 3,
      rotationDeg: 90,
    });
    const { pictures } = await readSource(path, { maxSide: 160 });
    expect(pictures.map(({ index, size }) => [index, size])).toEqual([
      [0, '90x160'],
      [1, '90x160'],
      [2, '90x160'],
    ]);
  });

  it.each([
    ['odd.mkv', 'ffv1'],
    ['odd.webm', 'vp9'],
    ['odd.gif', 'gif'],
    ['odd.avi', 'mjpeg'],
  ] as const)('of odd width and height: %s', async (name, codec) => {
    const { path } = await makeVideo({
      path: at(name),
      codec,
      width: 321,
      height: 239,
      frameCount: 4,
      fps: 25,
    });
    for (const [options, size] of [
      [{}, '321x239'],
      [{ width: 163, height: 121 }, '163x121'],
    ] as const) {
      const { pictures } = await readSource(path, options);
      expect(pictures.map((picture) => [picture.index, picture.size])).toEqual(
        [0, 1, 2, 3].map((index) => [index, size]),
      );
    }
  });
});
