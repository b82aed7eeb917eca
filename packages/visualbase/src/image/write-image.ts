import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { RgbImage } from '../frame/image.ts';
import { encodeImage, type ImageFormat } from './encode-image.ts';

/** Options of {@link writeImage}. */
export interface WriteImageOptions {
  /** Default: by the path's ending. */
  readonly format?: ImageFormat;
  /** 1 worst to 100 best, for JPEG and WebP. Default 85. */
  readonly quality?: number;
}

const FORMATS: Readonly<Record<string, ImageFormat>> = {
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.png': 'png',
  '.webp': 'webp',
};

/**
 * The format of a file that is to be written.
 *
 * @throws RangeError when neither `format` nor the ending says.
 */
export function requireImageFormat(path: string, format: ImageFormat | undefined): ImageFormat {
  const found = format ?? FORMATS[extname(path).toLowerCase()];
  if (found !== undefined) return found;
  throw new RangeError(
    `The path ${JSON.stringify(path)} must end in ${Object.keys(FORMATS).join(', ')}, or give the format option.`,
  );
}

/**
 * Writes a picture to a file. The folder is created when it is missing; an existing file is replaced,
 * and never seen half written.
 *
 * @throws RangeError as {@link encodeImage}, or when the ending names no format; VisualError
 * `VB_WRITE_FAILED`.
 */
export async function writeImage(
  image: RgbImage,
  path: string,
  options: WriteImageOptions = {},
): Promise<void> {
  const format = requireImageFormat(path, options.format);
  const { quality } = options;
  const bytes = await encodeImage(image, { format, ...(quality !== undefined && { quality }) });
  const folder = dirname(resolve(path));
  const temporaryPath = join(folder, `.image-${randomBytes(8).toString('hex')}.part`);
  await makeFolder(folder);
  try {
    await writeFile(temporaryPath, bytes, { flag: 'wx' });
    await rename(temporaryPath, resolve(path));
  } catch (cause) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VisualError(
      'VB_WRITE_FAILED',
      `${path} could not be written (${reason}). Check the folder, its permissions and the free space.`,
      { cause, details: { path, reason } },
    );
  }
}
