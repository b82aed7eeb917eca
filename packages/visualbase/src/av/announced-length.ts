import { NS_PER_SEC, tryTicksToNs } from '../time/ns.ts';
import type { OpenedInput } from './open-input.ts';

/** A whole file may end this much before it says: containers round, and writers differ. */
const TOLERATED_NS = 0.5 * NS_PER_SEC;

/** What reading a file to its end came to. */
export interface FoundToEnd {
  /** Packets of the video stream. */
  readonly packetCount: number;
  /** When the last of them ends, on the container's clock. */
  readonly endTicks: bigint;
  /** The file is known to be shorter than it says, so that any gap counts. */
  readonly isCutOff: boolean;
}

/**
 * What a file lacks at its end: pictures where the container counts them (MP4, AVI), time where it
 * tells how long the video is (Matroska). 0 where it says neither.
 */
export function missingAtEnd(
  input: OpenedInput,
  found: FoundToEnd,
): { readonly missingCount: number; readonly missingNs: number } {
  const { frameCount, timebase } = input.info.video;
  if (frameCount !== undefined) {
    return { missingCount: Math.max(0, frameCount - found.packetCount), missingNs: 0 };
  }
  const endNs = tryTicksToNs(found.endTicks, timebase.num, timebase.den);
  const missingNs = (announcedEndNs(input) ?? 0) - (endNs ?? Infinity);
  const isMissing = missingNs > (found.isCutOff ? 0 : TOLERATED_NS);
  return { missingCount: 0, missingNs: isMissing ? missingNs : 0 };
}

/** Matroska's length covers all streams; the video's own is in a tag that most writers leave. */
function announcedEndNs({ context, video, info }: OpenedInput): number | undefined {
  if (!info.container.split(',').includes('matroska')) return undefined;
  const tag = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(video.metadata?.get('DURATION') ?? '');
  if (tag !== null) {
    const [, hours, minutes, seconds] = tag;
    return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * NS_PER_SEC);
  }
  const isAlone = context.streams.length === 1;
  return isAlone && info.durationNs > 0 ? info.durationNs : undefined;
}
