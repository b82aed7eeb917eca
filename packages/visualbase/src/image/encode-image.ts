import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from '../errors/visual-error.ts';
import type { RgbImage } from '../frame/image.ts';

/** Options of {@link encodeImage} and {@link writeImage}. */
export interface EncodeImageOptions {
  readonly format: 'jpeg' | 'png' | 'webp';
  /** 1 (smallest) to 100 (best), for JPEG and WebP. Default 85. */
  readonly quality?: number;
}

/**
 * Encodes a picture as the bytes of an image file.
 *
 * @throws RangeError if `quality` is not 1 to 100.
 */
export async function encodeImage(
  image: RgbImage,
  options: EncodeImageOptions,
): Promise<Uint8Array> {
  const { format, quality = 85 } = options;
  if (!(Number.isSafeInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RangeError(
      `The \`quality\` option must be a whole number from 1 to 100, got ${quality}.`,
    );
  }
  const { default: sharp } = await import('sharp');
  const { width, height } = image;
  const picture = sharp(packedRows(image), { raw: { width, height, channels: 3 } });
  switch (format) {
    case 'jpeg':
      // Optimised tables double the time for a few per cent of size.
      return picture.jpeg({ quality, optimiseCoding: false }).toBuffer();
    case 'png':
      return picture.png().toBuffer();
    case 'webp':
      return picture.webp({ quality }).toBuffer();
  }
}

/**
 * Writes a picture to a file, in one step: the file is whole or not there.
 *
 * @throws VisualError `VB_WRITE_FAILED` if the file cannot be written; RangeError as
 * {@link encodeImage}.
 */
export async function writeImage(
  image: RgbImage,
  file: string,
  options: EncodeImageOptions,
): Promise<void> {
  const bytes = await encodeImage(image, options);
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VisualError(
      'VB_WRITE_FAILED',
      `The image ${file} could not be written: ${reason}. Check the folder, its permissions and the free space.`,
      { cause, details: { path: file } },
    );
  }
}

/** The pixels without gaps between rows, in memory that is not shared with other threads. */
function packedRows({ data, width, height, strideBytes }: RgbImage): Uint8Array {
  const rowBytes = width * 3;
  const packed = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    packed.set(data.subarray(y * strideBytes, y * strideBytes + rowBytes), y * rowBytes);
  }
  return packed;
}
