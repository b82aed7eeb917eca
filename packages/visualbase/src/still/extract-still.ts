import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { encodeImage, type ImageFormat } from '../image/encode-image.ts';
import { requireImageFormat, writeImage } from '../image/write-image.ts';
import { readFrameAt, type ReadFramesOptions } from './read-frames.ts';

/** Options of {@link extractStill}: a path to write to, or a format of bytes to give back. */
export type ExtractStillOptions = ReadFramesOptions & {
  /** 1 worst to 100 best, for JPEG and WebP. Default 85. */
  readonly quality?: number;
} & (
    | {
        /** Ends in `.jpg`, `.jpeg`, `.png` or `.webp`, or give the format. An existing file is replaced. */
        readonly path: string;
        readonly format?: ImageFormat;
      }
    | { readonly path?: never; readonly format: ImageFormat }
  );

/** The same as what callers without types may pass. */
interface AnyTarget extends ReadFramesOptions {
  readonly quality?: number;
  readonly path?: string;
  readonly format?: ImageFormat;
}

/** What {@link extractStill} gives. */
export interface StillResult {
  /** Where it was written; undefined when bytes were asked for. */
  readonly path: string | undefined;
  /** The bytes of the image file; undefined when it was written. */
  readonly bytes: Uint8Array | undefined;
  /** Time at which the picture begins to be shown, from the start of the video stream. */
  readonly tSrcNs: number;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/**
 * Takes one picture out of a video as JPEG, PNG or WebP: exactly the one shown at `tNs`, as
 * `readFrameAt`. A file is written whole or not at all.
 *
 * @param tNs - Whole nanoseconds of media time, from 0.
 * @throws As `readFrameAt` and `writeImage`.
 */
export async function extractStill(
  sourcePath: string,
  tNs: number,
  options: ExtractStillOptions,
): Promise<StillResult> {
  const { path, format, quality, ...reading }: AnyTarget = options;
  const target = { ...(quality !== undefined && { quality }) };
  // Before the video is read, which may take long.
  const written = path === undefined ? format : requireImageFormat(path, format);
  if (written === undefined) {
    throw new TypeError('Give either the path option or the format option.');
  }
  const image = await readFrameAt(sourcePath, tNs, reading);
  const { tSrcNs, width, height } = image;
  const facts = { tSrcNs, width, height };
  if (path === undefined) {
    const bytes = await encodeImage(image, { format: written, ...target });
    return { path: undefined, bytes, ...facts, sizeBytes: bytes.length };
  }
  await writeImage(image, path, { format: written, ...target });
  const { size } = await stat(path);
  return { path: resolve(path), bytes: undefined, ...facts, sizeBytes: size };
}
