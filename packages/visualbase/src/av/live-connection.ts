import { setTimeout as sleep } from 'node:timers/promises';
import {
  Dictionary,
  FFmpegError,
  FormatContext,
  InputFormat,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { AVDISCARD_ALL, AVERROR_EAGAIN } from 'node-av/constants';
import { VisualError } from '../errors/visual-error.ts';
import type { LiveInput } from '../live/live-job.ts';
import type { MediaInfo } from '../probe/media-info.ts';
import { describeInput, pickStreams } from './open-input.ts';

const EAGAIN_PAUSE_MS = 4;

/** What one read gave: a packet, the end, or why there will be no more. */
export type ReadOutcome = 'packet' | 'end' | { readonly lost: string };

/** One connection to a camera or stream. Its methods never block the thread. */
export class LiveConnection {
  readonly #context: FormatContext;
  #isInterrupted = false;
  readonly video: Stream;
  readonly audio: Stream | undefined;
  readonly info: MediaInfo;

  private constructor(context: FormatContext, label: string, video: Stream, audio?: Stream) {
    this.#context = context;
    this.video = video;
    this.audio = audio;
    this.info = describeInput(label, 0, context, { video, audio }, 'live');
  }

  /**
   * Connects and finds the streams. Ends early, throwing, when `signal` is aborted.
   *
   * @throws VisualError `VB_SOURCE_UNREACHABLE` or `VB_NO_VIDEO`.
   */
  static async open(
    input: LiveInput,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<LiveConnection> {
    signal.throwIfAborted();
    const format = formatOf(input);
    const context = new FormatContext();
    // Without this interrupt() cannot break a blocked call.
    context.allocContext();
    const interrupt = (): void => context.interrupt();
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort();
      interrupt();
    }, timeoutMs);
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      const options = Dictionary.fromObject({ ...input.options });
      const opened = await context.openInput(input.url, format, options);
      if (opened < 0) throw unreachable(input, late.signal.aborted ? undefined : opened, timeoutMs);
      const probed = await context.findStreamInfo(null);
      if (late.signal.aborted) throw unreachable(input, undefined, timeoutMs);
      const { video, audio } = pickStreams(context);
      if (video === undefined || video.codecpar.width <= 0) {
        throw probed < 0 || video !== undefined
          ? unreachable(input, probed, timeoutMs)
          : noVideo(input);
      }
      return new LiveConnection(context, input.label, video, audio);
    } catch (error) {
      context.closeInputSync();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** Whether the input says how long it is, as a file does. */
  get isFinite(): boolean {
    return this.#context.duration > 0n;
  }

  /** Leaves sound out, where nobody keeps it. */
  discardAudio(): void {
    if (this.audio !== undefined) this.audio.discard = AVDISCARD_ALL;
  }

  /** Reads the next packet of either stream. */
  async read(packet: Packet): Promise<ReadOutcome> {
    packet.unref();
    let code = await this.#context.readFrame(packet);
    // Some devices do not wait for the next picture.
    while (code === AVERROR_EAGAIN && !this.#isInterrupted) {
      await sleep(EAGAIN_PAUSE_MS);
      code = await this.#context.readFrame(packet);
    }
    if (code >= 0) return 'packet';
    const reason = FFmpegError.strerror(code);
    return reason === 'End of file' ? 'end' : { lost: reason };
  }

  /** Makes a read that is under way end with an error. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#context.interrupt();
  }

  /** Closes the connection; no read may be under way. */
  close(): void {
    this.#context.closeInputSync();
  }
}

function formatOf({ format, label }: LiveInput): InputFormat | null {
  if (format === undefined) return null;
  const found = InputFormat.findInputFormat(format);
  if (found !== null) return found;
  throw new VisualError(
    'VB_SOURCE_UNREACHABLE',
    `${label} needs FFmpeg's "${format}", which this build for ${process.platform} does not have.`,
    { details: { source: label, format } },
  );
}

function unreachable(input: LiveInput, code: number | undefined, timeoutMs: number): VisualError {
  const reason =
    code === undefined ? `no answer within ${timeoutMs} ms` : FFmpegError.strerror(code);
  return new VisualError(
    'VB_SOURCE_UNREACHABLE',
    `${input.label} could not be opened: ${reason}. Check the address, that the sender runs, and that it may be reached from here.`,
    { details: { source: input.label, reason } },
  );
}

function noVideo({ label }: LiveInput): VisualError {
  return new VisualError('VB_NO_VIDEO', `${label} sends no video stream.`, {
    details: { source: label },
  });
}
