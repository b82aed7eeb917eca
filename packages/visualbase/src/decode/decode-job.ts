import type { WireError } from '../errors/visual-error.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import type { RingMemory } from './frame-ring.ts';

/** What is to be delivered. Times count from the start of the stream. */
export interface FrameJob {
  readonly path: string;
  /** Size of the delivered pictures. */
  readonly width: number;
  readonly height: number;
  /** Grid to sample on; undefined for every picture. */
  readonly fps: number | undefined;
  readonly startNs: number;
  /** Exclusive; `Infinity` for the whole rest. */
  readonly endNs: number;
  /** Pictures that there is room for, and bytes of each. */
  readonly slotCount: number;
  readonly slotBytes: number;
}

/** What the decode thread is asked to deliver, and where to. */
export interface DecodeJob extends FrameJob {
  readonly ring: RingMemory;
  /** In a decoder process: the inherited memory that pictures go to, and not `ring.pixels`. */
  readonly pixelsFd?: number;
}

/**
 * What went wrong inside a file without ending its decoding. All zero for a sound file. Pictures that
 * sampling leaves out are not decoded, so that damage in them goes unnoticed.
 */
export interface DamageReport {
  /** Packets the demuxer marked as damaged or the decoder refused. */
  readonly packetCount: number;
  /** Pictures in which the decoder found errors, or that came out of order because of some. */
  readonly pictureCount: number;
  /** Pictures that the container announces and that are not in the file: it was cut off. */
  readonly missingCount: number;
  /**
   * Time at the end that the container announces and no picture covers, where it does not count its
   * pictures: the file was cut off. 0 where sound may fill it, and below half a second in a file that
   * is as long as it says.
   */
  readonly missingNs: number;
  /** Pictures without a usable time, which got one made up. */
  readonly repairedTimeCount: number;
  /** Why reading stopped, if it was not the end of the file, or that the end is cut off by nobody knows how much. */
  readonly readError: string | undefined;
}

/** Figures of a finished or stopped decoding. */
export interface DecodeStats {
  readonly packetCount: number;
  readonly decodedCount: number;
  readonly deliveredCount: number;
  readonly damage: DamageReport;
}

/** Messages to a decode thread. */
export type DecodeThreadRequest =
  { readonly type: 'decode'; readonly job: DecodeJob } | { readonly type: 'quit' };

/** Messages from the decode thread. `end` and `error` are the last of a job. */
export type DecodeMessage =
  | { readonly type: 'wake' }
  | { readonly type: 'end'; readonly stats: DecodeStats }
  | { readonly type: 'error'; readonly error: WireError };

/** The picture size that the options ask for. `maxSide` only shrinks. */
export function outputSize(
  video: Pick<MediaInfo['video'], 'width' | 'height'>,
  options: {
    readonly width?: number | undefined;
    readonly height?: number | undefined;
    readonly maxSide?: number | undefined;
  },
): { readonly width: number; readonly height: number } {
  const { width, height } = video;
  // Even sizes take the fast conversion, and encoders accept them.
  const even = (px: number): number => Math.max(2, Math.round(px / 2) * 2);
  if (options.width !== undefined && options.height !== undefined) {
    return { width: options.width, height: options.height };
  }
  if (options.width !== undefined) {
    return { width: options.width, height: even((height * options.width) / width) };
  }
  if (options.height !== undefined) {
    return { width: even((width * options.height) / height), height: options.height };
  }
  const longest = Math.max(width, height);
  if (options.maxSide === undefined || longest <= options.maxSide) return { width, height };
  const scale = options.maxSide / longest;
  return { width: even(width * scale), height: even(height * scale) };
}
