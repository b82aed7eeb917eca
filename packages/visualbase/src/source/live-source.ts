import { withBinding } from '../av/binding.ts';
import { outputSize } from '../decode/decode-job.ts';
import { roomBytesFor } from '../decode/picture-room.ts';
import { fromWireError, VisualError } from '../errors/visual-error.ts';
import { makePrivateFolder, type PrivateFolder } from '../files/private-folder.ts';
import { Frame } from '../frame/frame.ts';
import { reconnectPolicy } from '../live/backoff.ts';
import { LatencyMeter, type LatencyStats } from '../live/latency.ts';
import {
  EMPTY_STATS,
  type CutFacts,
  type LiveInput,
  type LiveJob,
  type LiveStats,
} from '../live/live-job.ts';
import type { OverflowPolicy } from '../live/overflow.ts';
import { LiveLink, type CutRange, type LiveReport } from '../live/live-link.ts';
import { allocateLiveRing, LiveRingReader } from '../live/live-ring.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { validateFileSourceOptions } from './file-source-options.ts';
import type { FrameSource } from './frame-source.ts';
import {
  resolveRecord,
  validateLiveOptions,
  type LiveSourceOptions,
} from './live-source-options.ts';
import { defaultSlotCount, requireSaneSize } from './slot-size.ts';

/** How long a reader may sit on every frame before it is told. */
const RETAINED_TIMEOUT_MS = 30_000;

/** What an interrupted call may take to come back. */
const STUCK_MS = 2000;

/** What a maker of live sources knows of its kind. */
export interface LiveKind {
  readonly overflow: OverflowPolicy;
  /** Whether the end of the input is a lost connection. Undefined: unless it says how long it is. */
  readonly isEndless: boolean | undefined;
}

/** Figures of a live source, see {@link LiveStats}, with the delay of its frames. */
export interface LiveSourceStats extends LiveStats {
  /** Milliseconds from the arrival of a frame's data to the frame's reader. Undefined before the first. */
  readonly latencyMs: LatencyStats | undefined;
}

interface Opened {
  readonly info: MediaInfo;
  readonly startEpochMs: number;
}

/**
 * The frames of a camera, a stream or a virtual input, decoded in a thread of its own: RGB24, with strictly
 * increasing times from 0 at the first picture, also across lost connections, which it makes anew.
 *
 * Each frame is borrowed until the next one is asked for. A source can be iterated once.
 */
export abstract class LiveSource implements FrameSource {
  readonly #input: LiveInput;
  readonly #options: LiveSourceOptions;
  readonly #overflow: OverflowPolicy;
  readonly #latency = new LatencyMeter();
  readonly #kind: LiveKind;
  #link: LiveLink | undefined;
  #folder: PrivateFolder | undefined;
  #opened: Opened | undefined;
  #ring: LiveRingReader | undefined;
  #size = { width: 0, height: 0 };
  #slotCount = 0;
  #stats: LiveStats = EMPTY_STATS;
  #failure: Error | undefined;
  /** Whether the failure is one of `onEvent`, which does not wait for frames that are there. */
  #hasThrown = false;
  #isEnded = false;
  #isIterated = false;
  #closing: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #settleOpening: ((error?: Error) => void) | undefined;

  protected constructor(input: LiveInput, kind: LiveKind, options: LiveSourceOptions) {
    validateFileSourceOptions(options);
    validateLiveOptions(options);
    this.#input = input;
    this.#kind = kind;
    this.#options = options;
    this.#overflow = options.overflow ?? kind.overflow;
  }

  /** Connects and starts decoding. */
  protected async connect(): Promise<this> {
    const { signal, record } = this.#options;
    signal?.throwIfAborted();
    const job = this.#job(record && resolveRecord(record));
    // The native binding must be loaded by the main thread before any worker uses it: reloading it
    // after the first worker has ended fails.
    await withBinding(() => import('../av/open-input.ts'));
    signal?.throwIfAborted();
    if (record?.storage === 'disk') this.#folder = makePrivateFolder();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    const opened = new Promise<void>((resolve, reject) => {
      this.#settleOpening = (error) => (error === undefined ? resolve() : reject(error));
    });
    const folder = this.#folder?.path;
    this.#link = new LiveLink(
      this.#input.label,
      (busy) => ({
        type: 'open',
        job: { ...job, record: job.record && { ...job.record, folder }, busy },
      }),
      {
        onReport: (report) => this.#onReport(report),
        onDeath: (error) => this.#fail(error),
      },
    );
    try {
      await this.#link.during(this.#inTime(opened, job.connectTimeoutMs));
      this.#start();
    } catch (error) {
      await this.close();
      throw error;
    }
    return this;
  }

  /** What the source said of itself when it was opened. `path` is its address, `sizeBytes` and mostly `durationNs` 0. */
  get info(): MediaInfo {
    return this.#opened!.info;
  }

  /** Size of the frames, which scaling options make different from the source's own. */
  get width(): number {
    return this.#size.width;
  }

  /** See {@link LiveSource.width}. */
  get height(): number {
    return this.#size.height;
  }

  /** {@inheritDoc FrameSource.slotCount} */
  get slotCount(): number {
    return this.#slotCount;
  }

  /** Wall time, in ms since the epoch, at which media time was 0, or shortly before. */
  get startEpochMs(): number {
    return this.#opened!.startEpochMs;
  }

  /** Media time that has passed by the wall clock, in nanoseconds. */
  get nowNs(): number {
    return Math.max(0, Math.round((epochMs() - this.startEpochMs) * 1e6));
  }

  /** Figures so far, renewed four times a second. */
  get stats(): LiveSourceStats {
    const droppedCount = this.#ring?.droppedCount ?? 0;
    return { ...this.#stats, droppedCount, latencyMs: this.#latency.stats };
  }

  /** The frames, once. @throws VisualError `VB_CLOSED` the second time; `VB_STREAM_LOST`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    try {
      yield* this.frames();
    } finally {
      await this.close();
    }
  }

  /**
   * The frames, once, without closing the source at their end: its recording can still be cut from.
   *
   * @throws VisualError as iterating the source.
   */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    this.#options.signal?.throwIfAborted();
    if (this.#isIterated || this.#closing !== undefined) {
      throw new VisualError(
        'VB_CLOSED',
        `The frames of ${this.#input.label} ${this.#isIterated ? 'have been read already' : 'were asked for after close()'}. Open it again.`,
        { details: { source: this.#input.label } },
      );
    }
    this.#isIterated = true;
    for (;;) {
      const frame = this.#takeFrame() ?? (await this.#link!.during(this.#waitForFrame()));
      if (frame === undefined) return;
      try {
        yield frame;
      } finally {
        frame.release();
      }
    }
  }

  /**
   * Writes a part of the recording into a file, once its end has come: packets as they are, from the key
   * frame before the start on.
   *
   * @throws VisualError `VB_CLIP_OUTSIDE` when nothing of it is kept, `VB_WRITE_FAILED` or `VB_CLOSED`;
   * TypeError for a source without a recording.
   * @internal
   */
  async cutRecording(range: CutRange, signal?: AbortSignal): Promise<CutFacts> {
    if (this.#options.record === undefined) {
      throw new TypeError(
        `${this.#input.label} was opened without the record option: there is no past to cut from.`,
      );
    }
    return this.#link!.cut(range, signal);
  }

  /** Stops and waits for the thread to be done. Frames still retained stay valid. */
  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #job(
    record: Required<NonNullable<LiveSourceOptions['record']>> | undefined,
  ): Omit<LiveJob, 'busy'> {
    const { connectTimeoutMs = 10_000, stallTimeoutMs = 5000, fps, inputOptions } = this.#options;
    return {
      input: { ...this.#input, options: { ...this.#input.options, ...inputOptions } },
      overflow: this.#overflow,
      fps,
      connectTimeoutMs,
      stallTimeoutMs,
      reconnect: reconnectPolicy(this.#options.reconnect),
      isEndless: this.#kind.isEndless,
      record: record && { ...record, folder: undefined },
    };
  }

  /** The thread minds the time itself, unless it is stuck where nothing can reach it. */
  async #inTime(opened: Promise<void>, timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => {
      const { label } = this.#input;
      this.#settleOpening!(
        new VisualError(
          'VB_SOURCE_UNREACHABLE',
          `${label} could not be opened: no answer within ${timeoutMs} ms, and it cannot be interrupted. Check that it sends pictures at all.`,
          { details: { source: label, reason: 'stuck' } },
        ),
      );
    }, timeoutMs + STUCK_MS);
    try {
      await opened;
    } finally {
      clearTimeout(timer);
    }
  }

  #start(): void {
    const { info } = this.#opened!;
    const { width, height } = outputSize(info.video, this.#options);
    requireSaneSize(this.#input.label, info.video, { width, height });
    const slotBytes = roomBytesFor(width, height);
    this.#slotCount = this.#options.slotCount ?? defaultSlotCount(slotBytes);
    const memory = allocateLiveRing(this.#slotCount, slotBytes);
    this.#ring = new LiveRingReader(memory);
    this.#size = { width, height };
    this.#link!.send({ type: 'start', ring: memory, width, height });
  }

  async #shutDown(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#ring?.stop();
    if (this.#link !== undefined) {
      await this.#link.close();
    }
    this.#isEnded = true;
    this.#rouse();
    this.#folder?.remove();
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#options.signal!.reason as Error);
    void this.close();
  };

  #onReport(report: LiveReport): void {
    switch (report.type) {
      case 'opened':
        this.#opened = report;
        this.#settleOpening!();
        return;
      case 'stats':
        this.#stats = report.stats;
        return;
      case 'event':
        this.#tell(report.event);
        return;
      case 'end':
        this.#stats = report.stats;
        this.#isEnded = true;
        break;
      case 'error':
        this.#stats = report.stats;
        this.#fail(fromWireError(report.error));
        return;
      default:
        break;
    }
    this.#rouse();
  }

  #tell(event: Parameters<NonNullable<LiveSourceOptions['onEvent']>>[0]): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      this.#hasThrown = true;
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#isEnded = true;
    this.#settleOpening?.(error);
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #takeFrame(): Frame | undefined {
    const { signal } = this.#options;
    if (signal?.aborted === true) throw signal.reason;
    if (this.#hasThrown) throw this.#failure!;
    const ring = this.#ring!;
    const taken = ring.take(this.#overflow);
    if (taken === undefined) return undefined;
    this.#latency.add(epochMs() - taken.arrivedEpochMs);
    const { width, height } = this.#size;
    return Frame.fromRgb({
      frameId: taken.frameId,
      tSrcNs: taken.tNs,
      width,
      height,
      data: ring.pixelsOf(taken.slot, width * height * 3),
      onRelease: () => {
        if (ring.release(taken.slot)) this.#link!.send({ type: 'room' });
      },
    });
  }

  async #waitForFrame(): Promise<Frame | undefined> {
    const ring = this.#ring!;
    let timer: NodeJS.Timeout | undefined;
    try {
      for (;;) {
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        ring.requestWake();
        const frame = this.#takeFrame();
        if (frame !== undefined) return frame;
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#isEnded) return undefined;
        if (ring.heldCount >= this.#slotCount) {
          timer ??= setTimeout(() => {
            if (ring.heldCount >= this.#slotCount) this.#fail(this.#allRetained());
          }, RETAINED_TIMEOUT_MS);
        }
        await woken;
      }
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  #allRetained(): VisualError {
    const { label } = this.#input;
    return new VisualError(
      'VB_FRAMES_RETAINED',
      `All ${this.#slotCount} frames that may be held of ${label} have been retained for ${RETAINED_TIMEOUT_MS / 1000} s. Release them, keep clones, or open the source with a larger slotCount.`,
      { details: { source: label, heldCount: this.#slotCount } },
    );
  }
}

const epochMs = (): number => performance.timeOrigin + performance.now();
