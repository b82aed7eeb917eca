import type { DecodeMessage, DecodeStats, FrameJob } from '../decode/decode-job.ts';
import type { FrameFeed, OpenedFile } from '../decode/frame-feed.ts';
import { openInThread } from '../decode/thread-feed.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { Frame } from '../frame/frame.ts';
import { resolveIsolation } from '../isolate/isolation-limits.ts';
import { openInProcess } from '../isolate/open-in-process.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { validateFileSourceOptions, type FileSourceOptions } from './file-source-options.ts';
import type { FrameSource } from './frame-source.ts';
import { planJob } from './plan-job.ts';

/** How long a reader may sit on every slot before it is told. */
const RETAINED_TIMEOUT_MS = 30_000;

/**
 * The frames of a video file, decoded in a thread of its own into shared memory: RGB24, with exact,
 * strictly increasing times, a few frames ahead of the reader and no further. With `isolate` the same
 * happens in a process of its own, for files that nobody vouches for.
 *
 * Each frame is borrowed until the next one is asked for. A source can be iterated once.
 *
 * @example
 * ```ts
 * await using source = await FileSource.open('talk.mp4', { fps: 10, maxSide: 640 });
 * for await (const frame of source) console.log(frame.tSrcNs, frame.width, frame.height);
 * ```
 */
export class FileSource implements FrameSource {
  /** What the file says about itself. */
  readonly info: MediaInfo;
  /** Size of the frames, which scaling options make different from the video's own. */
  readonly width: number;
  readonly height: number;
  /** {@inheritDoc FrameSource.slotCount} */
  readonly slotCount: number;

  readonly #feed: FrameFeed;
  readonly #signal: AbortSignal | undefined;
  #stats: DecodeStats | undefined;
  #failure: Error | undefined;
  #isEnded = false;
  #isIterated = false;
  #closing: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  private constructor(file: OpenedFile, job: FrameJob, signal: AbortSignal | undefined) {
    this.info = file.info;
    this.width = job.width;
    this.height = job.height;
    this.slotCount = job.slotCount;
    this.#signal = signal;
    // Only a pending read keeps the process alive; see #waitForFrame.
    this.#feed = file.start(job, {
      onMessage: (message) => this.#onMessage(message),
      onDeath: (error) => this.#fail(error),
    });
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Opens a video file and starts decoding.
   *
   * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_FILE_UNREADABLE`, `VB_FILE_EMPTY`, `VB_NOT_MEDIA`,
   * `VB_NO_VIDEO`, `VB_TOO_LARGE` or `VB_FFMPEG_MISSING`; RangeError or TypeError for a wrong
   * option. Iterating throws `VB_UNSUPPORTED_CODEC` or `VB_DECODE_FAILED`. With `isolate` both may
   * throw `VB_DECODER_CRASHED`, `VB_DECODER_HUNG` or `VB_DECODER_TOO_BIG`, after every frame that was
   * decoded before, and opening `VB_NO_MEMORY`.
   */
  static async open(path: string, options: FileSourceOptions = {}): Promise<FileSource> {
    validateFileSourceOptions(options);
    const { signal } = options;
    signal?.throwIfAborted();
    const limits = resolveIsolation(options.isolate);
    const file = await (limits === undefined
      ? openInThread(path)
      : openInProcess(path, limits, signal));
    try {
      signal?.throwIfAborted();
      return new FileSource(file, planJob(file.info, options), signal);
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  /** Figures of the decoding, damage included; undefined until it has ended or was closed. */
  get stats(): DecodeStats | undefined {
    return this.#stats;
  }

  /** The frames, once. @throws VisualError `VB_CLOSED` the second time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    this.#signal?.throwIfAborted();
    if (this.#isIterated || this.#closing !== undefined) {
      throw new VisualError(
        'VB_CLOSED',
        `The frames of ${this.info.path} ${this.#isIterated ? 'have been read already' : 'were asked for after close()'}. Open the file again.`,
        { details: { path: this.info.path } },
      );
    }
    this.#isIterated = true;
    try {
      for (;;) {
        const frame = this.#takeFrame() ?? (await this.#waitForFrame());
        if (frame === undefined) return;
        try {
          yield frame;
        } finally {
          frame.release();
        }
      }
    } finally {
      await this.close();
    }
  }

  /** Stops decoding and waits for the thread or process to be done. Frames still retained stay valid. */
  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#feed.stop();
    this.#feed.keepAlive(true);
    await this.#feed.done;
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#signal?.reason as Error);
    void this.close();
  };

  #onMessage(message: DecodeMessage): void {
    if (message.type === 'end') {
      this.#stats = message.stats;
      this.#isEnded = true;
    } else if (message.type === 'error') {
      this.#fail(fromWireError(message.error));
    }
    this.#rouse();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#isEnded = true;
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #takeFrame(): Frame | undefined {
    if (this.#signal?.aborted === true) throw this.#signal.reason;
    const filled = this.#feed.take();
    if (filled === undefined) return undefined;
    const { width, height } = this;
    return Frame.fromRgb({
      frameId: filled.frameId,
      tSrcNs: filled.tNs,
      width,
      height,
      data: this.#feed.pixelsOf(filled.slot, width * height * 3),
      onRelease: () => this.#feed.release(filled.slot),
    });
  }

  async #waitForFrame(): Promise<Frame | undefined> {
    let timer: NodeJS.Timeout | undefined;
    this.#feed.keepAlive(true);
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        this.#feed.requestWake();
        const frame = this.#takeFrame();
        if (frame !== undefined) return frame;
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#isEnded) return undefined;
        if (this.#feed.isAllHeld) {
          timer ??= setTimeout(() => {
            if (this.#feed.isAllHeld) this.#fail(this.#allRetained());
          }, RETAINED_TIMEOUT_MS);
        }
        await woken;
      }
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
      this.#feed.keepAlive(false);
    }
  }

  #allRetained(): VisualError {
    return new VisualError(
      'VB_FRAMES_RETAINED',
      `All ${this.#feed.heldCount} frames that may be held of ${this.info.path} have been retained for ${RETAINED_TIMEOUT_MS / 1000} s. Release them, keep clones, or open the source with a larger slotCount.`,
      { details: { path: this.info.path, heldCount: this.#feed.heldCount } },
    );
  }
}
