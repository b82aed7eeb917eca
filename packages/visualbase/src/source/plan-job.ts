import { outputSize, type FrameJob } from '../decode/decode-job.ts';
import { roomBytesFor } from '../decode/picture-room.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { secToNs } from '../time/ns.ts';
import type { FileSourceOptions } from './file-source-options.ts';
import { defaultSlotCount, requireSaneSize } from './slot-size.ts';

/** What is to be decoded of a file, and with how much room. @throws VisualError `VB_TOO_LARGE`. */
export function planJob({ path, video }: MediaInfo, options: FileSourceOptions): FrameJob {
  const { width, height } = outputSize(video, options);
  requireSaneSize(path, video, { width, height });
  const slotBytes = roomBytesFor(width, height);
  return {
    path,
    width,
    height,
    fps: options.fps,
    startNs: secToNs(options.startSec ?? 0),
    endNs: options.endSec === undefined ? Infinity : secToNs(options.endSec),
    slotCount: options.slotCount ?? defaultSlotCount(slotBytes),
    slotBytes,
  };
}
