import type { MediaInfo } from '../probe/media-info.ts';
import type { DecodeMessage, FrameJob } from './decode-job.ts';
import type { FilledSlot } from './frame-ring.ts';

/** Where decoded frames come from: a thread of this process, or a process of its own. */
export interface FrameFeed {
  /** Frames taken and not yet given back. */
  readonly heldCount: number;
  /** True when decoding cannot go on until one is given back. */
  readonly isAllHeld: boolean;
  /** Settles when nothing is decoded any more; never rejects. */
  readonly done: Promise<void>;
  /** The next frame, if there is one now. */
  take(): FilledSlot | undefined;
  /** A view on the first `byteLength` bytes of a frame that was taken. */
  pixelsOf(slot: number, byteLength: number): Uint8Array;
  /** Gives a frame back. */
  release(slot: number): void;
  /** Asks for a message with the next frame. Look once more before sleeping. */
  requestWake(): void;
  /** Says that no more frames are wanted. */
  stop(): void;
  /** Whether decoding keeps the process alive. It does not at first. */
  keepAlive(isWanted: boolean): void;
}

/** Where a {@link FrameFeed} reports. */
export interface FeedListener {
  onMessage(message: DecodeMessage): void;
  /** Decoding ended in the middle, and will say nothing more. */
  onDeath(error: Error): void;
}

/** A file that was looked into and can be decoded: once, or not at all. */
export interface OpenedFile {
  readonly info: MediaInfo;
  /** @throws VisualError `VB_NO_MEMORY`. */
  start(job: FrameJob, listener: FeedListener): FrameFeed;
  /** Instead of {@link OpenedFile.start}. */
  discard(): void;
}
