import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/frame/image.ts';
import { encodeImage } from '../../src/image/encode-image.ts';
import { writeImage } from '../../src/image/write-image.ts';
import { useTempFolder } from '../testing/temp-folder.ts';

const inFolder = useTempFolder();

/** Red to the right, green downwards; `padding` bytes behind each row. */
function gradient(width: number, height: number, padding = 0): RgbImage {
  const strideBytes = width * 3 + padding;
  const data = new Uint8Array(strideBytes * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set([(x * 255) / width, (y * 255) / height, 64], y * strideBytes + x * 3);
    }
  }
  return { format: 'rgb24', width, height, strideBytes, data };
}

async function decode(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

describe('encodeImage', () => {
  it('gives back every pixel from a PNG', async () => {
    const image = gradient(33, 17);
    const { data, ...size } = await decode(await encodeImage(image, { format: 'png' }));
    expect(size).toEqual({ width: 33, height: 17, channels: 3 });
    expect(data.equals(image.data)).toBe(true);
  });

  it.each(['jpeg', 'webp'] as const)('stays close to the pixels as %s', async (format) => {
    const image = gradient(64, 48);
    const bytes = await encodeImage(image, { format, quality: 95 });
    expect((await sharp(bytes).metadata()).format).toBe(format);
    const { data } = await decode(bytes);
    const errors = data.map((value, i) => Math.abs(value - image.data[i]!));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(4);
  });

  it('leaves out the padding of rows', async () => {
    const format = 'png';
    const plain = await encodeImage(gradient(20, 10), { format });
    const padded = await encodeImage(gradient(20, 10, 12), { format });
    expect(Buffer.from(padded).equals(plain)).toBe(true);
  });

  it('makes smaller files at lower quality', async () => {
    const [low, high] = await Promise.all(
      [20, 95].map((quality) => encodeImage(gradient(64, 64), { format: 'jpeg', quality })),
    );
    expect(low!.length).toBeLessThan(high!.length);
  });

  it.each([
    [{ format: 'jpeg', quality: 0 }, /quality.*0/],
    [{ format: 'jpeg', quality: 101 }, /quality.*101/],
    [{ format: 'bmp' }, /format.*"bmp"/],
  ])('refuses %o', async (options, message) => {
    const encoded = encodeImage(gradient(4, 4), options as { format: 'jpeg' });
    await expect(encoded).rejects.toThrow(message);
  });

  it('refuses a picture with too few bytes', async () => {
    const image = { ...gradient(4, 4), height: 5 };
    await expect(encodeImage(image, { format: 'png' })).rejects.toThrow(/4x5.*48 bytes/);
  });
});

describe('writeImage', () => {
  it.each([
    ['a.jpg', 'jpeg'],
    ['a.JPEG', 'jpeg'],
    ['a.png', 'png'],
    ['a.webp', 'webp'],
  ])('chooses the format by the ending: %s', async (name, format) => {
    const path = inFolder('deep', 'er', name);
    await writeImage(gradient(16, 16), path);
    expect((await sharp(path).metadata()).format).toBe(format);
  });

  it('replaces an existing file and leaves nothing else behind', async () => {
    const path = inFolder('twice', 'a.png');
    await writeImage(gradient(8, 8), path);
    await writeImage(gradient(9, 9), path);
    expect((await sharp(await readFile(path)).metadata()).width).toBe(9);
    expect(await readdir(inFolder('twice'))).toEqual(['a.png']);
  });

  it('refuses an ending that names no format', async () => {
    await expect(writeImage(gradient(4, 4), inFolder('a.txt'))).rejects.toThrow(/a\.txt/);
  });

  it('reports a place that cannot be written to', async () => {
    await writeFile(inFolder('file'), '');
    await mkdir(inFolder('folder.png'));
    for (const path of [inFolder('file', 'a.png'), inFolder('folder.png')]) {
      await expect(writeImage(gradient(4, 4), path)).rejects.toMatchObject({
        code: 'VB_WRITE_FAILED',
      });
    }
    expect((await readdir(inFolder())).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
