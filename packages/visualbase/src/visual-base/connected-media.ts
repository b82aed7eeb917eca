import type { ClipResult, ExtractClipOptions } from '../clip/extract-clip.ts';
import type { Frame } from '../frame/frame.ts';
import type { StreamGap } from '../live/live-job.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import type { FrameSource } from '../source/frame-source.ts';
import type { Limiter } from '../threads/limiter.ts';
import type { Trigger } from '../trigger/trigger.ts';

/** What {@link VisualBase.trigger} wrote. */
export interface TriggerClip extends ClipResult {
  /** Stretches inside the clip without pictures: a lost connection. Empty for files. */
  readonly gaps: readonly StreamGap[];
  /** Whether the clip covers all that the trigger asked for: to within one frame, and without a gap. */
  readonly isComplete: boolean;
}

/** A stretch of media time of which the frames are wanted. */
export interface QueryRange {
  readonly startNs: number;
  /** Exclusive. */
  readonly endNs: number;
}

/** How a query's frames shall be. */
export interface QueryOptions {
  readonly fps?: number;
  readonly maxSide?: number;
  readonly signal?: AbortSignal;
}

/** Media as {@link VisualBase} needs it, whatever its kind. */
export interface ConnectedMedia {
  readonly kind: 'file' | 'live' | 'pushed';
  /** Undefined for frames that a program brings. */
  readonly info: MediaInfo | undefined;
  /** What can be cut from now; undefined while there is nothing. */
  readonly available: StreamGap | undefined;
  /** Newest media time. */
  readonly nowNs: number;
  frames(): AsyncIterable<Frame>;
  /** @param limiter - Of cutting, not of waiting for the end of the trigger. */
  clip(trigger: Trigger, options: ExtractClipOptions, limiter: Limiter): Promise<TriggerClip>;
  query(range: QueryRange, options: QueryOptions): Promise<FrameSource>;
  close(): Promise<void>;
}

/** Judges what was written by what was asked. */
export function asTriggerClip(clip: ClipResult, gaps: readonly StreamGap[]): TriggerClip {
  const frameNs = clip.durationNs / Math.max(1, clip.frameCount);
  const inside = gaps.filter(({ startNs, endNs }) => startNs < clip.endNs && endNs > clip.startNs);
  const isWhole =
    clip.startNs - clip.requestedStartNs <= frameNs * 1.5 &&
    clip.requestedEndNs - clip.endNs <= frameNs * 1.5;
  return { ...clip, gaps: inside, isComplete: isWhole && inside.length === 0 };
}
