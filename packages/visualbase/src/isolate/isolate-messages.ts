import type { DecodeMessage, FrameJob } from '../decode/decode-job.ts';
import type { WireError } from '../errors/visual-error.ts';
import type { MediaInfo } from '../probe/media-info.ts';

/** Descriptor of the pipe in the decoder process; messages go both ways. */
export const PIPE_FD = 3;
/** Descriptor of the memory for frames in the decoder process, where there is such memory. */
export const MEMORY_FD = 4;

/** Messages to a decoder process: `probe` first, and `decode` at most once. */
export type IsolateRequest =
  | { readonly type: 'probe'; readonly path: string; readonly isToBeDecoded: boolean }
  | { readonly type: 'decode'; readonly job: FrameJob; readonly isShared: boolean }
  | { readonly type: 'release'; readonly slot: number }
  | { readonly type: 'stop' };

/** A frame is ready: in the shared memory, or with its pixels. */
interface FrameMessage {
  readonly type: 'frame';
  readonly slot: number;
  readonly tNs: number;
  readonly frameId: number;
  readonly pixels: Uint8Array | undefined;
}

/** Messages from a decoder process. After `end` or `error` there is nothing more to come. */
export type IsolateMessage =
  | { readonly type: 'info'; readonly info: MediaInfo }
  | FrameMessage
  /** The decoder has got on since the last time, if only inside the file. */
  | { readonly type: 'alive' }
  | Exclude<DecodeMessage, { readonly type: 'wake' }>
  | { readonly type: 'error'; readonly error: WireError };
