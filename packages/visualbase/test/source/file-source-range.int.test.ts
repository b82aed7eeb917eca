import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo, type MakeVideoOptions } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder, type ReadPicture } from './read-source.ts';

const at = useTempFolder();
const FPS = 30;
const COUNT = 60;

const FILES: Readonly<Record<string, Omit<MakeVideoOptions, 'path'>>> = {
  'closed.mp4': { gop: 15 },
  'closed.mkv': { gop: 15 },
  'late.ts': { gop: 15, startOffsetSec: 3 },
  // x265 opens its groups: pictures shown before a key frame are stored behind it.
  'open.mkv': { gop: 15, codec: 'hevc' },
  'decode-order.avi': { gop: 15, codec: 'mpeg4', bFrames: 2 },
  'all-key.avi': { codec: 'mjpeg' },
  // Gives times to a part of its packets only.
  'program.mpg': { gop: 15, fps: 25, codec: 'h264' },
  'turned.mp4': { gop: 15, rotationDeg: 90 },
};

describe('a FileSource with startSec and endSec', () => {
  it.each(Object.entries(FILES))(
    'gives the same pictures as the whole of %s',
    async (name, made) => {
      const { path } = await makeVideo({ path: at(name), frameCount: COUNT, ...made });
      const whole = await readSource(path);
      expect(whole.pictures).toHaveLength(COUNT);
      for (const [startSec, endSec] of [
        [0, 0.4],
        [0.01, 0.6],
        [0.5, 0.9],
        [1.21, 1.7],
        [1.9, 9],
      ] as const) {
        const { pictures } = await readSource(path, { startSec, endSec });
        const within = ({ tNs }: ReadPicture): boolean =>
          tNs >= startSec * 1e9 && tNs < endSec * 1e9;
        expect(pictures).toEqual(whole.pictures.filter(within));
      }
    },
  );

  it('decodes no group that ends before the start', async () => {
    const { path } = await makeVideo({ path: at('skip.mp4'), frameCount: 90, gop: 15 });
    const { stats } = await readSource(path, { startSec: 2.5 });
    expect(stats.deliveredCount).toBe(15);
    expect(stats.decodedCount).toBe(15);
  });

  it('reads no further than the end', async () => {
    const { path } = await makeVideo({ path: at('stop.mp4'), frameCount: 300, gop: 15 });
    const { stats } = await readSource(path, { endSec: 0.5 });
    expect(stats.deliveredCount).toBe(15);
    expect(stats.packetCount).toBeLessThan(60);
    expect(stats.damage.missingCount).toBe(0);
  });

  it('gives no frames, and no error, where the video has ended already', async () => {
    const { path } = await makeVideo({ path: at('short.mp4'), frameCount: 10 });
    expect((await readSource(path, { startSec: 5 })).pictures).toEqual([]);
  });

  it('samples on a grid that begins at startSec', async () => {
    const { path } = await makeVideo({ path: at('grid.mp4'), frameCount: COUNT, fps: FPS });
    const { pictures } = await readSource(path, { startSec: 0.5, endSec: 1.5, fps: 10 });
    expect(pictures.map(({ frameId }) => frameId)).toEqual([
      15, 18, 21, 24, 27, 30, 33, 36, 39, 42,
    ]);
    expect(pictures.every(({ frameId, index }) => frameId === index)).toBe(true);
  });

  it('numbers from the first picture shown where an edit list hides earlier ones', async () => {
    const { path } = await makeVideo({ path: at('plain.mp4'), frameCount: 60, gop: 30 });
    const edited = at('edited.mp4');
    writeFileSync(edited, startAtPicture(readFileSync(path), 10));
    const whole = await readSource(edited);
    expect(whole.pictures.map(({ frameId, index }) => index! - frameId)).toEqual(
      Array.from({ length: 50 }, () => 10),
    );
    expect(whole.stats.damage.missingCount).toBe(0);
    const part = await readSource(edited, { startSec: 1.2 });
    expect(part.pictures).toEqual(whole.pictures.slice(36));
  });
});

/** Moves the beginning of the edit list of a `makeVideo` MP4 later, as a cut without re-encoding does. */
function startAtPicture(mp4: Buffer, index: number): Buffer {
  const edits = mp4.indexOf('elst');
  const mdhd = mp4.indexOf('mdhd');
  const ticksPerSec = mp4.readUInt32BE(mdhd + 16);
  // version and flags, count, segment duration, media time
  const mediaTimeAt = edits + 16;
  mp4.writeInt32BE(mp4.readInt32BE(mediaTimeAt) + (index * ticksPerSec) / FPS, mediaTimeAt);
  return mp4;
}

describe('the size of a FileSource', () => {
  let path = '';
  beforeAll(async () => {
    ({ path } = await makeVideo({ path: at('size.mp4'), width: 320, height: 180, frameCount: 3 }));
  });

  it.each([
    [{}, '320x180'],
    [{ width: 160 }, '160x90'],
    [{ height: 90 }, '160x90'],
    [{ width: 100, height: 100 }, '100x100'],
    [{ width: 101, height: 67 }, '101x67'],
    [{ width: 640 }, '640x360'],
    [{ maxSide: 200 }, '200x112'],
    [{ maxSide: 2000 }, '320x180'],
  ])('is with %o %s', async (options, size) => {
    const { pictures } = await readSource(path, options);
    expect(pictures.map((picture) => [picture.index, picture.size])).toEqual(
      [0, 1, 2].map((index) => [index, size]),
    );
  });

  it('is known before the first frame', async () => {
    await using source = await FileSource.open(path, { maxSide: 200 });
    expect([source.width, source.height]).toEqual([200, 112]);
    expect(source.info.video).toMatchObject({ width: 320, height: 180, codec: 'h264', fps: FPS });
  });

  it.each([
    [{ fps: 0 }, RangeError, /`fps` option .* got 0/],
    [{ fps: Infinity }, RangeError, /`fps`/],
    [{ width: 1.5 }, RangeError, /`width`/],
    [{ height: 0 }, RangeError, /`height`/],
    [{ maxSide: -1 }, RangeError, /`maxSide`/],
    [
      { slotCount: 1 },
      RangeError,
      /`slotCount` option must be a whole number of at least 2, got 1/,
    ],
    [{ startSec: -1 }, RangeError, /`startSec`/],
    [{ startSec: 2, endSec: 2 }, RangeError, /`endSec` option must be more than startSec \(2\)/],
    [{ maxSide: 100, width: 100 }, TypeError, /not both/],
  ])('is refused for %o', async (options, kind, message) => {
    const opening = FileSource.open(path, options);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toBeInstanceOf(kind);
  });
});
