import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { VisualError } from '../errors/visual-error.ts';
import { CameraSource, type CameraSourceOptions } from './camera-source.ts';
import { FileSource } from './file-source.ts';
import type { FileSourceOptions } from './file-source-options.ts';
import type { FrameSource } from './frame-source.ts';
import { isImagePattern } from './image-files.ts';
import { ImageSequenceSource, type ImageSequenceOptions } from './image-sequence-source.ts';
import { isStreamUrl, StreamSource, withoutPassword } from './stream-source.ts';
import { VirtualSource } from './virtual-source.ts';

/** Options of {@link openSource}: each kind of source takes what it knows and ignores the rest. */
export interface OpenSourceOptions
  extends FileSourceOptions, CameraSourceOptions, Pick<ImageSequenceOptions, 'rate'> {}

/** What a text names. */
export type SourceSpec =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'images'; readonly path: string }
  | { readonly kind: 'camera'; readonly camera: string }
  | { readonly kind: 'stream'; readonly url: string }
  | { readonly kind: 'virtual'; readonly graph: string };

/**
 * Finds out what a text names, without opening it.
 *
 * - `camera:0`, `camera:/dev/video2`, `camera:Logitech`: a camera by place, id or name
 * - `lavfi:testsrc2=size=640x360:rate=30`: pictures that FFmpeg makes
 * - `rtsp://`, `http://`, `https://`, `udp://`, `tcp://`, `rtp://`, `srt://`, `rtmp://`: a stream
 * - `shots/`, `shot-%04d.png`, `*.jpg`, `one.png`: still pictures
 * - anything else, also `file://`: a video file
 *
 * @throws VisualError `VB_SOURCE_UNKNOWN` for an address of an unknown kind, or no text at all.
 */
export async function parseSource(text: string): Promise<SourceSpec> {
  if (typeof text !== 'string' || text.trim() === '') throw unknown(text);
  const [, device, rest] = /^(camera|lavfi):(.*)$/is.exec(text) ?? [];
  if (device?.toLowerCase() === 'camera') return { kind: 'camera', camera: rest! || '0' };
  if (device?.toLowerCase() === 'lavfi') {
    if (rest!.trim() === '') throw unknown(text);
    return { kind: 'virtual', graph: rest! };
  }
  if (isStreamUrl(text)) return { kind: 'stream', url: text };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file') throw unknown(text);
  const path = scheme === undefined ? text : fileURLToPath(text);
  const found = await stat(path).catch(() => undefined);
  const isImages =
    found === undefined ? isImagePattern(path) : found.isDirectory() || isStillName(path);
  return { kind: isImages ? 'images' : 'file', path };
}

/** WebP and AVIF may hold animations, which FFmpeg reads better than a row of one. */
const isStillName = (path: string): boolean => /\.(jpe?g|png|tiff?|bmp)$/i.test(path);

/**
 * Opens whatever a text names: a video file, still pictures, a camera, a stream, a virtual input. See
 * {@link parseSource} for what is understood.
 *
 * @example
 * ```ts
 * await using source = await openSource('rtsp://127.0.0.1:8554/door', { fps: 5, maxSide: 640 });
 * for await (const frame of source) console.log(frame.tSrcNs);
 * ```
 * @throws VisualError `VB_SOURCE_UNKNOWN`, or as the source's own `open`.
 */
export async function openSource(
  text: string,
  options: OpenSourceOptions = {},
): Promise<FrameSource & { readonly width: number; readonly height: number }> {
  const spec = await parseSource(text);
  switch (spec.kind) {
    case 'file':
      return FileSource.open(spec.path, options);
    case 'images':
      return ImageSequenceSource.open(spec.path, options);
    case 'camera':
      return CameraSource.open(spec.camera, options);
    case 'stream':
      return StreamSource.open(spec.url, options);
    case 'virtual':
      return VirtualSource.open(spec.graph, options);
  }
}

function unknown(text: string): VisualError {
  const shown = withoutPassword(text);
  return new VisualError(
    'VB_SOURCE_UNKNOWN',
    `${JSON.stringify(shown)} is no source that is understood. Give the path of a video, a folder or pattern of pictures, camera:0, rtsp://..., http://..., udp://..., tcp://..., srt://..., rtmp://... or lavfi:....`,
    { details: { source: shown } },
  );
}
