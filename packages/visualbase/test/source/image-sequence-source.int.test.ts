import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeImage } from '../../src/image/write-image.ts';
import { ImageSequenceSource } from '../../src/source/image-sequence-source.ts';
import { useTempFolder } from './read-source.ts';

const inFolder = useTempFolder();

/** A picture of one grey, by which it can be told. */
async function writeGrey(path: string, level: number, width = 32, height = 24): Promise<void> {
  const data = new Uint8Array(width * height * 3).fill(level);
  await writeImage({ format: 'rgb24', width, height, strideBytes: width * 3, data }, path);
}

async function levelsOf(source: ImageSequenceSource): Promise<number[]> {
  const levels: number[] = [];
  for await (const frame of source) levels.push(frame.data[0]!);
  return levels;
}

beforeAll(async () => {
  await mkdir(inFolder('shots'));
  for (const i of [0, 1, 2, 9, 10, 11]) await writeGrey(inFolder(`shots/shot-${i}.png`), i * 10);
  await writeFile(inFolder('shots/notes.txt'), 'not a picture');
});

describe('still pictures', () => {
  it.each(['shots', 'shots/shot-%d.png', 'shots/*.png'])(
    'of %j come in the order in which people count',
    async (pattern) => {
      const source = await ImageSequenceSource.open(inFolder(pattern), { rate: 10 });
      const times: number[] = [];
      const levels: number[] = [];
      for await (const frame of source) {
        times.push(frame.tSrcNs / 1e6);
        levels.push(frame.data[0]!);
      }
      expect(levels).toEqual([0, 10, 20, 90, 100, 110]);
      expect(times).toEqual([0, 100, 200, 300, 400, 500]);
    },
  );

  it('are chosen by a pattern with its digits', async () => {
    const source = await ImageSequenceSource.open(inFolder('shots/shot-%02d.png'));
    expect(await levelsOf(source)).toEqual([100, 110]);
  });

  it('are sampled on a time grid, keeping their ids', async () => {
    const source = await ImageSequenceSource.open(inFolder('shots'), { rate: 10, fps: 5 });
    const ids: number[] = [];
    for await (const { frameId } of source) ids.push(frameId);
    expect(ids).toEqual([0, 2, 4]);
  });

  it('all get the size of the first, and a damaged one is left out and named', async () => {
    await mkdir(inFolder('mixed'));
    await writeGrey(inFolder('mixed/1.png'), 50);
    await writeFile(inFolder('mixed/2.png'), 'not a picture');
    await writeGrey(inFolder('mixed/3.jpg'), 70, 64, 64);
    const source = await ImageSequenceSource.open(inFolder('mixed'));
    const sizes: string[] = [];
    for await (const frame of source) sizes.push(`${frame.frameId}:${frame.width}x${frame.height}`);
    expect(sizes).toEqual(['0:32x24', '2:32x24']);
    expect(source.unreadablePaths).toEqual([inFolder('mixed/2.png')]);
  });

  it.each(['nowhere', 'nowhere/*.png', 'shots/none-%d.png'])(
    'that are not there (%j) are an error',
    async (pattern) => {
      await expect(ImageSequenceSource.open(inFolder(pattern))).rejects.toMatchObject({
        code: 'VB_FILE_NOT_FOUND',
      });
    },
  );

  it('of which the first is none are an error', async () => {
    await expect(ImageSequenceSource.open(inFolder('shots/notes.txt'))).rejects.toMatchObject({
      code: 'VB_NOT_MEDIA',
    });
  });

  it('can be read once', async () => {
    const source = await ImageSequenceSource.open(inFolder('shots'));
    await levelsOf(source);
    await expect(levelsOf(source)).rejects.toMatchObject({ code: 'VB_CLOSED' });
  });
});
