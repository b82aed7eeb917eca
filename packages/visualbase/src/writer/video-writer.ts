import { randomUUID } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { withBinding } from '../av/binding.ts';
import { VisualError } from '../errors/visual-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { RgbImage } from '../frame/image.ts';
import {
  resolveWriterOptions,
  type ResolvedWriterOptions,
  type VideoWriterOptions,
} from './video-writer-options.ts';
import { WriterThread } from './writer-thread.ts';

export type { VideoWriterOptions } from './video-writer-options.ts';

/** Pictures that are copied and not yet encoded, at most. */
const MAX_AHEAD = 3;

/** What {@link VideoWriter.finish} wrote. */
export interface WrittenVideo {
  readonly path: string;
  readonly sizeBytes: number;
  readonly frameCount: number;
  /** Time of the first picture, which is the start of the file. */
  readonly startNs: number;
  /** From the first picture to the end of the last. */
  readonly durationNs: number;
  readonly hasAudio: boolean;
}

/**
 * Writes pictures as a video, H.264 in MP4 or Matroska, each shown at its own time. Encodes in a thread
 * of its own.
 *
 * The file gets its name in {@link VideoWriter.finish}; until then nothing is seen of it, and
 * {@link VideoWriter.close} leaves nothing behind.
 *
 * **Gotchas**: await each `write`; it returns as soon as there is room, and holds a faster producer back.
 *
 * ```ts
 * await using writer = await VideoWriter.open('marked.mp4', { width: 640, height: 360 });
 * for await (const frame of source) await writer.write(frame, frame.tSrcNs);
 * await writer.finish();
 * ```
 */
export class VideoWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #temporaryPath: string;
  readonly #options: ResolvedWriterOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #thread: WriterThread;
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #ahead = new Set<Promise<unknown>>();
  #lastNs = -1;
  #state: 'open' | 'finishing' | 'closed' = 'open';
  #closing: Promise<void> | undefined;

  private constructor(
    path: string,
    temporaryPath: string,
    options: ResolvedWriterOptions,
    thread: WriterThread,
    signal: AbortSignal | undefined,
  ) {
    this.#path = path;
    this.#temporaryPath = temporaryPath;
    this.#options = options;
    this.#thread = thread;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Starts a video.
   *
   * @param path - Ends in `.mp4` or `.mkv`. The folder is created when it is missing; an existing file
   * is replaced, once the new one is complete.
   * @throws RangeError for wrong options; VisualError `VB_WRITE_FAILED`, `VB_FFMPEG_MISSING`, and for
   * `audioFrom` as `probe`; the signal's reason when aborted.
   */
  static async open(path: string, options: VideoWriterOptions): Promise<VideoWriter> {
    const resolved = resolveWriterOptions(path, options);
    const { signal } = options;
    signal?.throwIfAborted();
    // A native addon that only ever lived in threads cannot be loaded again after the first has ended.
    await withBinding(() => import('../av/open-input.ts'));
    const target = resolve(path);
    await makeFolder(dirname(target));
    const temporaryPath = join(dirname(target), `.video-${randomUUID()}.part`);
    const thread = await WriterThread.start({ ...resolved, targetPath: temporaryPath }, target);
    const writer = new VideoWriter(target, temporaryPath, resolved, thread, signal);
    if (signal?.aborted === true) {
      await writer.close();
      signal.throwIfAborted();
    }
    return writer;
  }

  /**
   * Adds a picture. Its pixels are copied before the call returns; the promise resolves when there is
   * room for the next.
   *
   * @param image - Of the size that was announced.
   * @param tNs - Media time in whole nanoseconds, later than that of the picture before. The picture is
   * shown until the next one; MP4 keeps microseconds, Matroska milliseconds.
   * @throws RangeError for another size or a time that does not increase; VisualError
   * `VB_WRITE_FAILED`, `VB_THREAD_DIED`, or `VB_CLOSED` after `finish` or `close`.
   */
  async write(image: RgbImage, tNs: number): Promise<void> {
    this.#requireOpen();
    const { width, height } = this.#options;
    if (image.width !== width || image.height !== height) {
      throw new RangeError(
        `The video has pictures of ${width}x${height}, got one of ${image.width}x${image.height}.`,
      );
    }
    if (!Number.isSafeInteger(tNs) || tNs <= this.#lastNs) {
      throw new RangeError(
        `tNs must be whole nanoseconds, ${this.#lastNs < 0 ? 'from 0' : `later than ${this.#lastNs}`}, got ${String(tNs)}.`,
      );
    }
    this.#thread.throwIfFailed();
    this.#lastNs = tNs;
    const pixels = this.#copy(image);
    const written = this.#thread.ask({ type: 'write', tNs, pixels }, [pixels.buffer]);
    const done = written.then((answer) => {
      if (answer.type === 'written') this.#spare.push(answer.pixels);
    });
    const tracked = done.finally(() => this.#ahead.delete(tracked));
    this.#ahead.add(tracked);
    tracked.catch(() => undefined); // told by the next call
    if (this.#ahead.size > MAX_AHEAD) await this.#ahead.values().next().value;
  }

  /**
   * Encodes what is left, and gives the file its name.
   *
   * @param options - `endNs`: when the last picture ends; by default it lasts as long as the one before.
   * @throws RangeError when no picture was written, or `endNs` is not after the last one; VisualError
   * as `write`. The file is gone then.
   */
  async finish(options: { readonly endNs?: number } = {}): Promise<WrittenVideo> {
    this.#requireOpen();
    const { endNs } = options;
    if (this.#lastNs < 0) throw new RangeError('A video needs at least one picture.');
    if (endNs !== undefined && !(Number.isSafeInteger(endNs) && endNs > this.#lastNs)) {
      throw new RangeError(`endNs must be later than ${this.#lastNs}, got ${String(endNs)}.`);
    }
    this.#state = 'finishing';
    try {
      const answer = await this.#thread.ask({ type: 'finish', endNs });
      if (answer.type !== 'finished') throw new TypeError(`Unexpected answer ${answer.type}.`);
      const { frameCount, startNs, endNs: lastNs, hasAudio } = answer.facts;
      await this.#giveName();
      const { size: sizeBytes } = await stat(this.#path);
      const durationNs = lastNs - startNs;
      return { path: this.#path, sizeBytes, frameCount, startNs, durationNs, hasAudio };
    } finally {
      await this.close();
    }
  }

  /** Gives the video up, unless it is finished: ends the thread and removes what was written. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** Closes the writer. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#state = 'closed';
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#thread.fail(this.#closedError());
    await this.#thread.end();
    await rm(this.#temporaryPath, { force: true });
  }

  readonly #onAbort = (): void => {
    this.#thread.fail(this.#signal!.reason);
    void this.close();
  };

  #requireOpen(): void {
    this.#signal?.throwIfAborted();
    if (this.#state !== 'open') throw this.#closedError();
  }

  #closedError(): VisualError {
    return new VisualError(
      'VB_CLOSED',
      `The video ${this.#path} is finished or closed. Open another writer.`,
      { details: { path: this.#path } },
    );
  }

  #copy({ data, strideBytes }: RgbImage): Uint8Array<ArrayBuffer> {
    const { width, height } = this.#options;
    const rowBytes = width * 3;
    const pixels = this.#spare.pop() ?? new Uint8Array(rowBytes * height);
    if (strideBytes === rowBytes) {
      pixels.set(data.subarray(0, pixels.length));
      return pixels;
    }
    for (let y = 0; y < height; y++) {
      const from = y * strideBytes;
      pixels.set(data.subarray(from, from + rowBytes), y * rowBytes);
    }
    return pixels;
  }

  async #giveName(): Promise<void> {
    try {
      await rename(this.#temporaryPath, this.#path);
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new VisualError(
        'VB_WRITE_FAILED',
        `The video ${this.#path} could not be given its name (${reason}). Check the folder and its permissions.`,
        { cause, details: { path: this.#path, reason } },
      );
    }
  }
}
