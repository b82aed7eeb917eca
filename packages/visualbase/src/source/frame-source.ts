import type { Frame } from '../frame/frame.ts';

/**
 * Anything that gives frames in order of time: a file, a camera, frames pushed by a program. An
 * array or generator of {@link Frame}s will do wherever frames are consumed; this adds closing.
 *
 * A frame is borrowed until the next one is asked for. Leaving the loop closes the source.
 */
export interface FrameSource extends AsyncIterable<Frame>, AsyncDisposable {
  /** How many frames may be held at a time before the source has to wait. Undefined: any number. */
  readonly slotCount?: number;
  /** Stops and gives everything back. Idempotent; always the same promise. */
  close(): Promise<void>;
}
