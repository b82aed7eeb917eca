import { outputSize, type FrameJob } from '../decode/decode-job.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { secToNs } from '../time/ns.ts';
import type { FileSourceOptions } from './file-source-options.ts';

const RING_BYTES = 48 * 1024 * 1024;
const MIN_SLOTS = 4;
const MAX_SLOTS = 16;
/** 16384 x 16384: beyond any camera, below what would exhaust memory. */
const MAX_PIXELS = 2 ** 28;

/** What is to be decoded of a file, and with how much room. @throws VisualError `VB_TOO_LARGE`. */
export function planJob({ path, video }: MediaInfo, options: FileSourceOptions): FrameJob {
  const { width, height } = outputSize(video, options);
  if (video.width * video.height > MAX_PIXELS || width * height > MAX_PIXELS) {
    throw new VisualError(
      'VB_TOO_LARGE',
      `${path} announces pictures of ${video.width}x${video.height} (frames of ${width}x${height}); at most ${MAX_PIXELS} pixels are accepted. The file is damaged, or set maxSide.`,
      { details: { path, width, height } },
    );
  }
  const slotBytes = Math.ceil((width * height * 3) / 64) * 64;
  const fitting = Math.floor(RING_BYTES / slotBytes);
  return {
    path,
    width,
    height,
    fps: options.fps,
    startNs: secToNs(options.startSec ?? 0),
    endNs: options.endSec === undefined ? Infinity : secToNs(options.endSec),
    slotCount: options.slotCount ?? Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, fitting)),
    slotBytes,
  };
}
