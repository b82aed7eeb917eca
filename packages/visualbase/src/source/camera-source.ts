import { VisualError } from '../errors/visual-error.ts';
import type { LiveInput } from '../live/live-job.ts';
import { listCameras } from './list-cameras.ts';
import type { CameraInfo } from './camera-info.ts';
import { LiveSource } from './live-source.ts';
import type { LiveSourceOptions } from './live-source-options.ts';

/** What the camera itself is asked for; it picks the nearest it can do, or refuses. */
export interface CaptureOptions {
  readonly width?: number;
  readonly height?: number;
  /** Pictures per second. */
  readonly fps?: number;
  /** FFmpeg's name of what the camera sends, such as `mjpeg` or `yuyv422`. Large pictures are often to be had as `mjpeg` only. */
  readonly format?: string;
}

/** Options of {@link CameraSource.open}. */
export interface CameraSourceOptions extends LiveSourceOptions {
  readonly capture?: CaptureOptions;
}

interface Platform {
  /** FFmpeg's device. */
  readonly format: string;
  readonly url: (id: string) => string;
  /** The option that chooses what the camera sends. */
  readonly formatOption: string;
}

const PLATFORMS: Partial<Record<NodeJS.Platform, Platform>> = {
  linux: { format: 'v4l2', url: (id) => id, formatOption: 'input_format' },
  darwin: { format: 'avfoundation', url: (id) => `${id}:none`, formatOption: 'pixel_format' },
  win32: { format: 'dshow', url: (id) => `video=${id}`, formatOption: 'vcodec' },
};

/**
 * Frames of a camera: Video4Linux, AVFoundation or DirectShow, by platform.
 *
 * @example
 * ```ts
 * await using camera = await CameraSource.open(0, { capture: { width: 1280, height: 720, fps: 30 } });
 * for await (const frame of camera) console.log(frame.tSrcNs);
 * ```
 */
export class CameraSource extends LiveSource {
  /**
   * Opens a camera.
   *
   * @param camera - Its place in {@link listCameras} from 0, its id (`/dev/video0`), or a part of its name.
   * @throws VisualError `VB_SOURCE_UNKNOWN` when there is no such camera, `VB_SOURCE_UNREACHABLE` when it
   * cannot be opened; iterating throws `VB_STREAM_LOST`.
   */
  static async open(
    camera: number | string = 0,
    options: CameraSourceOptions = {},
  ): Promise<CameraSource> {
    const platform = PLATFORMS[process.platform];
    if (platform === undefined) throw unknownCamera(camera, `no cameras on ${process.platform}`);
    const found = pickCamera(await listCameras(), camera);
    const input = cameraInput(platform, found, options.capture ?? {});
    return new CameraSource(input, { overflow: 'dropOldest', isEndless: true }, options).connect();
  }
}

/** Finds a camera by its place, its id or a part of its name. @throws VisualError `VB_SOURCE_UNKNOWN`. */
export function pickCamera(cameras: readonly CameraInfo[], wanted: number | string): CameraInfo {
  const text = String(wanted).trim();
  const lower = text.toLowerCase();
  const found = /^\d+$/.test(text)
    ? cameras[Number(text)]
    : (cameras.find(({ id }) => id === text) ??
      cameras.find(({ name }) => lower !== '' && name.toLowerCase().includes(lower)));
  if (found !== undefined) return found;
  // A device that the system does not list may be there all the same.
  if (text.startsWith('/dev/')) return { id: text, name: text, isDefault: false };
  const known = cameras.map(({ id, name }, i) => `${i}: ${name} (${id})`).join(', ');
  throw unknownCamera(wanted, known === '' ? 'no cameras here' : known);
}

function cameraInput(
  platform: Platform,
  camera: CameraInfo,
  { width, height, fps, format }: CaptureOptions,
): LiveInput {
  if ((width === undefined) !== (height === undefined)) {
    throw new TypeError('The `capture` option takes width and height together.');
  }
  return {
    url: platform.url(camera.id),
    format: platform.format,
    options: {
      ...(width !== undefined && { video_size: `${width}x${height}` }),
      ...(fps !== undefined && { framerate: String(fps) }),
      ...(format !== undefined && { [platform.formatOption]: format }),
    },
    label: `camera ${camera.id}`,
  };
}

function unknownCamera(wanted: number | string, known: string): VisualError {
  return new VisualError(
    'VB_SOURCE_UNKNOWN',
    `There is no camera ${JSON.stringify(wanted)}; there are ${known}. List them with \`visualbase sources\`.`,
    { details: { camera: String(wanted) } },
  );
}
