import { withBinding } from '../av/binding.ts';
import {
  outputSize,
  type DecodeJob,
  type DecodeMessage,
  type DecodeStats,
} from '../decode/decode-job.ts';
import { guardExit } from '../threads/exit-guard.ts';
import { allocateRing, RingConsumer, type RingMemory } from '../decode/frame-ring.ts';
import { roomBytesFor } from '../decode/picture-room.ts';
import { startDecoding, type DecodeTask } from '../decode/decode-threads.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { Frame } from '../frame/frame.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { probe } from '../probe/probe.ts';
import { secToNs } from '../time/ns.ts';
import { validateFileSourceOptions, type FileSourceOptions } from './file-source-options.ts';
import type { FrameSource } from './frame-source.ts';

const RING_BYTES = 48 * 1024 * 1024;
const MIN_SLOTS = 4;
const MAX_SLOTS = 16;
/** 16384 x 16384: beyond any camera, below what would exhaust memory. */
const MAX_PIXELS = 2 ** 28;
/** How long a reader may sit on every slot before it is told. */
const RETAINED_TIMEOUT_MS = 30_000;

/**
 * The frames of a video file, decoded in a thread of its own into shared memory: RGB24, with exact,
 * strictly increasing times, a few frames ahead of the reader and no further.
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

  readonly #ring: RingConsumer;
  readonly #task: DecodeTask;
  readonly #signal: AbortSignal | undefined;
  #stats: DecodeStats | undefined;
  #failure: Error | undefined;
  #isEnded = false;
  #isIterated = false;
  #closing: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  private constructor(
    info: MediaInfo,
    job: DecodeJob,
    memory: RingMemory,
    signal: AbortSignal | undefined,
  ) {
    this.info = info;
    this.width = job.width;
    this.height = job.height;
    this.slotCount = memory.slotCount;
    this.#ring = new RingConsumer(memory);
    this.#signal = signal;
    // Only a pending read keeps the process alive; see #waitForFrame.
    this.#task = startDecoding(job, {
      onMessage: (message) => this.#onMessage(message),
      onDeath: (cause) => {
        this.#fail(
          new VisualError(
            'VB_THREAD_DIED',
            `The decode thread for ${info.path} ended: ${String(cause)}.`,
            { cause, details: { path: info.path } },
          ),
        );
      },
    });
    void this.#task.done.then(guardExit(() => this.#ring.stopAndWait()));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Opens a video file and starts decoding.
   *
   * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_FILE_UNREADABLE`, `VB_FILE_EMPTY`, `VB_NOT_MEDIA`,
   * `VB_NO_VIDEO`, `VB_TOO_LARGE` or `VB_FFMPEG_MISSING`; RangeError or TypeError for a wrong
   * option. Iterating throws `VB_UNSUPPORTED_CODEC` or `VB_DECODE_FAILED`.
   */
  static async open(path: string, options: FileSourceOptions = {}): Promise<FileSource> {
    validateFileSourceOptions(options);
    options.signal?.throwIfAborted();
    // The native binding must be loaded by the main thread before any worker uses it: reloading it
    // after the first worker has ended fails.
    const info = await withBinding(() => probe(path));
    options.signal?.throwIfAborted();
    const { width, height } = outputSize(info.video, options);
    const storedPixels = info.video.width * info.video.height;
    if (storedPixels > MAX_PIXELS || width * height > MAX_PIXELS) {
      throw new VisualError(
        'VB_TOO_LARGE',
        `${path} announces pictures of ${info.video.width}x${info.video.height} (frames of ${width}x${height}); at most ${MAX_PIXELS} pixels are accepted. The file is damaged, or set maxSide.`,
        { details: { path, width, height } },
      );
    }
    const slotBytes = roomBytesFor(width, height);
    const fitting = Math.floor(RING_BYTES / slotBytes);
    const slotCount = options.slotCount ?? Math.min(MAX_SLOTS, Math.max(MIN_SLOTS, fitting));
    const memory = allocateRing(slotCount, slotBytes);
    const job: DecodeJob = {
      path,
      width,
      height,
      fps: options.fps,
      startNs: secToNs(options.startSec ?? 0),
      endNs: options.endSec === undefined ? Infinity : secToNs(options.endSec),
      ring: memory,
    };
    return new FileSource(info, job, memory, options.signal);
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

  /** Stops decoding and waits for the thread to be done. Frames still retained stay valid. */
  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#ring.stop();
    this.#task.keepAlive(true);
    await this.#task.done;
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
    const filled = this.#ring.take();
    if (filled === undefined) return undefined;
    const { width, height } = this;
    return Frame.fromRgb({
      frameId: filled.frameId,
      tSrcNs: filled.tNs,
      width,
      height,
      data: this.#ring.pixelsOf(filled.slot, width * height * 3),
      onRelease: () => this.#ring.release(filled.slot),
    });
  }

  async #waitForFrame(): Promise<Frame | undefined> {
    let timer: NodeJS.Timeout | undefined;
    this.#task.keepAlive(true);
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        this.#ring.requestWake();
        const frame = this.#takeFrame();
        if (frame !== undefined) return frame;
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#isEnded) return undefined;
        if (this.#ring.isAllHeld) {
          timer ??= setTimeout(() => {
            if (this.#ring.isAllHeld) this.#fail(this.#allRetained());
          }, RETAINED_TIMEOUT_MS);
        }
        await woken;
      }
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
      this.#task.keepAlive(false);
    }
  }

  #allRetained(): VisualError {
    return new VisualError(
      'VB_FRAMES_RETAINED',
      `All ${this.#ring.heldCount} frames that may be held of ${this.info.path} have been retained for ${RETAINED_TIMEOUT_MS / 1000} s. Release them, keep clones, or open the source with a larger slotCount.`,
      { details: { path: this.info.path, heldCount: this.#ring.heldCount } },
    );
  }
}
