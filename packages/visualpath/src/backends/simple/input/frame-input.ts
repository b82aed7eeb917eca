import type { Frame } from 'visualbase';
import type { MaybePromise } from '../../../core/maybe-promise.ts';

/** Where a run takes its frames from. Each is borrowed until the next one is asked for. */
export interface FrameInput {
  /** The next frame, or undefined at the end. */
  next(): MaybePromise<Frame | undefined>;
  /** Closes the source if it has not ended by itself. */
  close(): Promise<void>;
}
