import { readdir, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractStill } from '../../src/still/extract-still.ts';
import { readFrameAt, readFramesAt } from '../../src/still/read-frames.ts';
import {
  listPictures,
  makeVideo,
  readFrameIndex,
  type FoundPicture,
  type MakeVideoOptions,
} from '../../src/testing/index.ts';
import { secToNs } from '../../src/time/ns.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();
const SOURCES: readonly (readonly [string, Omit<MakeVideoOptions, 'path'>])[] = [
  ['b-frames.mp4', { frameCount: 120, gop: 25, bFrames: 3 }],
  ['late.mkv', { frameCount: 120, gop: 40, startOffsetSec: 1.35 }],
  ['uneven.mp4', { timesMs: [0, 40, 80, 900, 910, 2500, 2540, 6000, 6040, 6500], gop: 3 }],
  ['stream.ts', { frameCount: 90, gop: 20 }],
  ['mpeg4.avi', { codec: 'mpeg4', bFrames: 2, frameCount: 90, fps: 25, gop: 15 }],
  ['vp9.webm', { frameCount: 60 }],
  ['animation.gif', { width: 161, height: 121, fps: 10, frameCount: 30 }],
  ['sideways.mp4', { rotationDeg: 270, width: 240, height: 320, frameCount: 60, gop: 12 }],
];

describe.each(SOURCES)('readFramesAt on %s', (name, options) => {
  let path = '';
  let pictures: readonly FoundPicture[] = [];
  beforeAll(async () => {
    path = inFolder(name);
    await makeVideo({ path, ...options });
    const isAvi = name.endsWith('.avi');
    // Their own times, since the decoder labels pictures of AVI late.
    pictures = isAvi
      ? Array.from({ length: 90 }, (_, index) => ({ index, tNs: index * 40_000_000 }))
      : await listPictures(path);
  });
  const shownAt = (tNs: number): FoundPicture =>
    pictures.findLast((picture) => picture.tNs <= tNs) ?? pictures[0]!;

  it('gives the last picture that is not later than each time, in the order asked', async () => {
    const moment = fc.integer({ min: 0, max: pictures.at(-1)!.tNs + 2e8 });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 8 }), async (timesNs) => {
        const images = await readFramesAt(path, timesNs);
        expect(images.map((image) => readFrameIndex(image))).toEqual(
          timesNs.map((tNs) => shownAt(tNs).index),
        );
        expect(images.map(({ tSrcNs }) => tSrcNs)).toEqual(timesNs.map((tNs) => shownAt(tNs).tNs));
      }),
      { numRuns: 6, seed: 20261123 },
    );
  });

  it('changes pictures exactly at their times', async () => {
    const { tNs } = pictures[7]!;
    const images = await readFramesAt(path, [tNs - 1, tNs, tNs]);
    expect(images.map((image) => readFrameIndex(image))).toEqual([6, 7, 7]);
    expect(images[1]!.data.buffer).not.toBe(images[2]!.data.buffer);
  });
});

describe('readFrameAt', () => {
  let path = '';
  beforeAll(async () => {
    path = inFolder('plain.mp4');
    await makeVideo({ path, width: 320, height: 180, frameCount: 40 });
  });

  it('gives the last picture behind the end', async () => {
    expect(readFrameIndex(await readFrameAt(path, secToNs(100)))).toBe(39);
  });

  it.each([
    [{}, 320, 180],
    [{ maxSide: 160 }, 160, 90],
    [{ width: 80 }, 80, 46],
    [{ width: 64, height: 64 }, 64, 64],
  ])('gives the size asked for: %o', async (options, width, height) => {
    const image = await readFrameAt(path, secToNs(0.5), options);
    expect(image).toMatchObject({ width, height, strideBytes: width * 3, format: 'rgb24' });
    expect(image.data).toHaveLength(width * height * 3);
    expect(readFrameIndex(image)).toBe(15);
  });

  it('reads nothing for no times', async () => {
    expect(await readFramesAt(inFolder('missing.mp4'), [])).toEqual([]);
  });

  it.each([
    [-1, {}, /time.*-1/],
    [0.5, {}, /time.*0\.5/],
    [0, { width: 0 }, /width.*0/],
    [0, { maxSide: 5, width: 5 }, /either maxSide/],
  ])('refuses %d with %o', async (tNs, options, message) => {
    await expect(readFrameAt(path, tNs, options)).rejects.toThrow(message);
  });

  it('tells what is wrong with a file', async () => {
    const missing = readFrameAt(inFolder('missing.mp4'), 0);
    await expect(missing).rejects.toMatchObject({ code: 'VB_FILE_NOT_FOUND' });
    const damaged = inFolder('damaged.mkv');
    await makeVideo({ path: damaged, frameCount: 30 });
    const bytes = await readFile(damaged);
    await writeFile(damaged, bytes.fill(0xab, 900, bytes.length - 200));
    await expect(readFrameAt(damaged, 0)).rejects.toMatchObject({ code: 'VB_DECODE_FAILED' });
  });

  it('stops when it is aborted', async () => {
    const reason = new Error('enough');
    await expect(readFrameAt(path, 0, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const times = Array.from({ length: 40 }, (_, i) => secToNs(i / 30));
    const reading = readFramesAt(path, times, { signal: controller.signal });
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(readFrameIndex(await readFrameAt(path, 0))).toBe(0);
  });
});

describe('extractStill', () => {
  let source = '';
  beforeAll(async () => {
    source = inFolder('still.mp4');
    await makeVideo({ path: source, frameCount: 40 });
  });
  const indexOf = async (file: Uint8Array): Promise<number> => {
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return readFrameIndex({ format: 'rgb24', width, height, strideBytes: width * 3, data });
  };

  it.each(['jpg', 'png', 'webp'])('writes the picture to a file: .%s', async (ending) => {
    const path = inFolder('stills', `a.${ending}`);
    const still = await extractStill(source, secToNs(1), { path });
    expect(still).toMatchObject({ path, bytes: undefined, tSrcNs: 1e9, width: 320, height: 240 });
    const bytes = await readFile(path);
    expect(still.sizeBytes).toBe(bytes.length);
    expect(await indexOf(bytes)).toBe(30);
  });

  it('gives bytes in a format', async () => {
    const { bytes, path } = await extractStill(source, secToNs(0.5), {
      format: 'webp',
      width: 160,
    });
    expect(path).toBeUndefined();
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 160 });
    expect(await indexOf(bytes!)).toBe(15);
  });

  it.each([
    [{}, /either the path option or the format/],
    [{ path: 'a.txt' }, /a\.txt.*must end in/],
    [{ format: 'png', quality: 101 }, /quality.*101/],
  ])('refuses %o, and writes nothing', async (options, message) => {
    const still = extractStill(source, 0, options as { path: string });
    await expect(still).rejects.toThrow(message);
    expect((await readdir(inFolder())).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
