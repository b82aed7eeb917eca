import type { ClipContainer } from '../clip/clip-job.ts';
import type { WireError } from '../errors/visual-error.ts';

/** A video that a writer thread is to write. Plain data. */
export interface WriterJob {
  /** A temporary name; the thread knows nothing of the final one. */
  readonly targetPath: string;
  readonly container: ClipContainer;
  readonly width: number;
  readonly height: number;
  readonly fps: number | undefined;
  readonly crf: number;
  readonly preset: string;
  /** A file whose sound is taken, by the times of the pictures. */
  readonly audioFrom: string | undefined;
  /** As in `ClipJob`. */
  readonly flags: Int32Array<SharedArrayBuffer>;
}

/** What was written. Times are those that the pictures came with. */
export interface WriterFacts {
  readonly frameCount: number;
  /** Time of the first picture, which is the start of the file. */
  readonly startNs: number;
  readonly endNs: number;
  readonly hasAudio: boolean;
}

/** Messages to the writer thread; each but `quit` is answered once, in order. */
export type WriterRequest =
  | { readonly type: 'open'; readonly job: WriterJob }
  | {
      readonly type: 'write';
      readonly tNs: number;
      /** RGB, rows without padding; comes back with the answer. */
      readonly pixels: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'finish'; readonly endNs: number | undefined }
  | { readonly type: 'quit' };

/** Answers of the writer thread. */
export type WriterAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'written'; readonly pixels: Uint8Array<ArrayBuffer> }
  | { readonly type: 'finished'; readonly facts: WriterFacts }
  | { readonly type: 'error'; readonly error: WireError };
