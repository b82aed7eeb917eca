import type { WireError } from '../errors/visual-error.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import type { ReconnectPolicy } from './backoff.ts';
import type { LiveRingMemory } from './live-ring.ts';
import type { OverflowPolicy } from './overflow.ts';

/** What FFmpeg is to open. */
export interface LiveInput {
  readonly url: string;
  /** FFmpeg's name of the demuxer or device; by default it finds out. */
  readonly format?: string;
  readonly options: Readonly<Record<string, string>>;
  /** For people: the address without passwords. */
  readonly label: string;
}

/** Bounds of what is kept of the recent past, encoded. */
export interface RecordLimits {
  readonly maxSec: number;
  readonly maxBytes: number;
  /** A private folder to keep it in; in memory if undefined. */
  readonly folder: string | undefined;
}

/** What the live thread is asked to do. Times are media time. */
export interface LiveJob {
  readonly input: LiveInput;
  readonly overflow: OverflowPolicy;
  readonly fps: number | undefined;
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly reconnect: ReconnectPolicy;
  /** Whether the end of the input is a lost connection. Undefined: unless the input says how long it is. */
  readonly isEndless: boolean | undefined;
  readonly record: RecordLimits | undefined;
  /** One `Int32`: 1 while the thread may be in native code. */
  readonly busy: SharedArrayBuffer;
}

/** What the thread is asked to keep of pictures that a program pushes. */
export interface PushJob {
  readonly width: number;
  readonly height: number;
  readonly record: RecordLimits;
  /** One `Int32`: 1 while the thread may be in native code. */
  readonly busy: SharedArrayBuffer;
}

/** A stretch of media time without pictures: a lost connection, or a jump of the sender's clock. */
export interface StreamGap {
  readonly startNs: number;
  readonly endNs: number;
}

/** Figures of a live source so far. */
export interface LiveStats {
  /** Connections made, the first included. */
  readonly connectCount: number;
  /** Connections that broke off, or fell silent. */
  readonly lostCount: number;
  readonly stallCount: number;
  readonly packetCount: number;
  readonly byteCount: number;
  readonly decodedCount: number;
  /** Packets or pictures in which the decoder found errors. */
  readonly damagedCount: number;
  /** Pictures handed to the reader, those included that it was too late for. */
  readonly publishedCount: number;
  /** Pictures that the reader was too late for. */
  readonly droppedCount: number;
  /** The newest gaps, at most 100. */
  readonly gaps: readonly StreamGap[];
  /** What is kept of the past; undefined without a recording, or before there is anything. */
  readonly recorded: StreamGap | undefined;
  readonly recordedBytes: number;
}

/** What happens to a live source. */
export type LiveEvent =
  | { readonly type: 'connected'; readonly attempt: number }
  | { readonly type: 'stalled'; readonly silentMs: number }
  | { readonly type: 'lost'; readonly reason: string; readonly tNs: number }
  | {
      readonly type: 'retrying';
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason: string;
    };

/** What was written for a request to cut. Times are media time. */
export interface CutFacts {
  /** Media time that is 0 in the file. */
  readonly originNs: number;
  /** Time of the first picture that can be decoded. */
  readonly startNs: number;
  /** End of the last picture. */
  readonly endNs: number;
  readonly gaps: readonly StreamGap[];
}

/** Messages to the live thread. */
export type LiveRequest =
  | { readonly type: 'open'; readonly job: LiveJob }
  | { readonly type: 'openPush'; readonly job: PushJob }
  /** RGB24 without gaps between the rows; the next is sent when this one has been taken. */
  | { readonly type: 'picture'; readonly tNs: number; readonly data: Uint8Array }
  | { readonly type: 'endPush' }
  | {
      readonly type: 'start';
      readonly ring: LiveRingMemory;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly type: 'cut';
      readonly id: number;
      readonly startNs: number;
      readonly endNs: number;
      readonly path: string;
    }
  | { readonly type: 'forget'; readonly id: number }
  | { readonly type: 'room' }
  | { readonly type: 'stop' };

/** Messages from the live thread. After `end` and `error` it only answers requests to cut. */
export type LiveMessage =
  | {
      readonly type: 'opened';
      readonly info: MediaInfo;
      readonly startEpochMs: number;
      readonly isEndless: boolean;
    }
  | { readonly type: 'wake' }
  | { readonly type: 'taken'; readonly recorded: StreamGap | undefined }
  | { readonly type: 'event'; readonly event: LiveEvent }
  | { readonly type: 'stats'; readonly stats: LiveStats }
  | { readonly type: 'cut'; readonly id: number; readonly facts: CutFacts }
  | { readonly type: 'cutFailed'; readonly id: number; readonly error: WireError }
  | { readonly type: 'end'; readonly stats: LiveStats }
  | { readonly type: 'error'; readonly error: WireError; readonly stats: LiveStats };

/** Figures of a source that never was connected. */
export const EMPTY_STATS: LiveStats = {
  connectCount: 0,
  lostCount: 0,
  stallCount: 0,
  packetCount: 0,
  byteCount: 0,
  decodedCount: 0,
  damagedCount: 0,
  publishedCount: 0,
  droppedCount: 0,
  gaps: [],
  recorded: undefined,
  recordedBytes: 0,
};
