import type { WireError } from '../errors/visual-error.ts';
import type { StillJob, StillPicture } from '../still/still-job.ts';

/** Cell of {@link ClipJob.flags} that asks the thread to stop. */
export const STOP = 0;
/** Cell of {@link ClipJob.flags} that says whether native code may be running. */
export const BUSY = 1;

/** How a clip is made: pictures decoded and encoded again, packets taken over, or a bit of both. */
export type ClipMethod = 'copy' | 'smart' | 'encode';

/** Kinds of files that clips can be. */
export type ClipContainer = 'mp4' | 'mkv';

/** What the clip thread is to do. Plain data. */
export interface ClipJob {
  readonly sourcePath: string;
  /** A temporary name; the thread knows nothing of the final one. */
  readonly targetPath: string;
  readonly container: ClipContainer;
  readonly method: ClipMethod | 'auto';
  /** Media time, from the start of the video stream; `endNs` is exclusive. */
  readonly startNs: number;
  readonly endNs: number;
  readonly crf: number;
  readonly preset: string;
  readonly isAudioWanted: boolean;
  /** Cell {@link STOP}: set to 1 when the thread shall stop. Cell {@link BUSY}: 1 while it is in native code. */
  readonly flags: Int32Array<SharedArrayBuffer>;
}

/** What was written. */
export interface ClipFacts {
  /** Time of the first picture. */
  readonly startNs: number;
  /** End of the last picture. */
  readonly endNs: number;
  readonly frameCount: number;
  readonly hasAudio: boolean;
  readonly method: ClipMethod;
}

/** Messages to the clip thread. */
export type ClipRequest =
  | { readonly type: 'cut'; readonly job: ClipJob }
  | { readonly type: 'stills'; readonly job: StillJob }
  | { readonly type: 'quit' };

/** What the clip thread answers, once for each job. */
export type ClipMessage =
  | { readonly type: 'done'; readonly facts: ClipFacts | readonly StillPicture[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'error'; readonly error: WireError };
