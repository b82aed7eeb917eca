import { resolve } from 'node:path';
import {
  Dictionary,
  FFmpegError,
  FormatContext,
  Rational as NativeRational,
  type CodecContext,
  type CodecParameters,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { AVERROR_EINVAL, AVFMT_GLOBALHEADER } from 'node-av/constants';
import type { Rational } from '../probe/media-info.ts';
import { VisualError } from '../errors/visual-error.ts';
import { check } from './check.ts';

// FFmpeg's own codes are four letters in an int, far below any errno.
const MAX_ERRNO = 4096;

/** Where {@link Muxer.open} writes, and how. */
export interface MuxerOptions {
  readonly path: string;
  /** FFmpeg's name of the container; by default it follows from the path's ending. */
  readonly format?: string;
  /** Private options of the container, such as `{ movflags: '+faststart' }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Writes packets of one or more streams into a container. Blocks its thread. */
export class Muxer {
  readonly #context: FormatContext;
  readonly #path: string;
  readonly #options: Readonly<Record<string, string>>;
  #isOpen = true;

  private constructor(context: FormatContext, path: string, options: MuxerOptions['options']) {
    this.#context = context;
    this.#path = path;
    this.#options = options ?? {};
  }

  /**
   * Creates the file.
   *
   * @throws VisualError `VB_WRITE_FAILED` when the file cannot be created, `VB_FFMPEG` when FFmpeg
   * knows no container for the ending.
   */
  static open({ path, format, options }: MuxerOptions): Muxer {
    const context = new FormatContext();
    try {
      // `file:` keeps FFmpeg from reading "a:b.mp4" as a protocol.
      const url = `file:${resolve(path)}`;
      check(context.allocOutputContext2(null, format ?? null, url), 'avformat_alloc_output', path);
      checkWrite(context.openOutputSync(), 'avio_open', path);
    } catch (error) {
      context.freeContext();
      throw error;
    }
    return new Muxer(context, path, options);
  }

  /** True when encoders must put their headers into the container instead of into the packets. */
  get wantsGlobalHeader(): boolean {
    return this.#context.oformat?.hasFlags(AVFMT_GLOBALHEADER) ?? false;
  }

  /**
   * True when a track ends with the last of its pictures to end (Matroska); else it is as long as its
   * packets together, which with B pictures and uneven times is something else.
   */
  get endsWithLastPicture(): boolean {
    return /matroska|webm/.test(this.#context.oformat?.name ?? '');
  }

  /** Adds the stream that an open encoder fills. */
  addEncoder(encoder: CodecContext): Stream {
    const stream = this.#context.newStream();
    check(stream.codecpar.fromContext(encoder), 'avcodec_parameters_from_context');
    stream.timeBase = encoder.timeBase;
    stream.sampleAspectRatio = encoder.sampleAspectRatio;
    if (encoder.framerate.num > 0) stream.avgFrameRate = encoder.framerate;
    return stream;
  }

  /** Adds a stream that takes over the packets of `source` as they are. */
  addCopy(source: Stream): Stream {
    return this.addParameters(source.codecpar, source.timeBase);
  }

  /** Adds a stream for packets whose parameters and timebase are known. */
  addParameters(parameters: CodecParameters, timebase: Rational): Stream {
    const stream = this.#context.newStream();
    check(parameters.copy(stream.codecpar), 'avcodec_parameters_copy');
    stream.codecpar.codecTag = 0; // the source container's tag means nothing in this one
    stream.timeBase = new NativeRational(timebase.num, timebase.den);
    return stream;
  }

  /**
   * Writes the header; every stream must have been added.
   *
   * @throws VisualError `VB_WRITE_FAILED`, or `VB_FFMPEG` when the container refuses a stream.
   */
  start(): void {
    const names = Object.keys(this.#options);
    const options = names.length === 0 ? null : Dictionary.fromObject({ ...this.#options });
    checkWrite(this.#context.writeHeaderSync(options), 'avformat_write_header', this.#path);
  }

  /**
   * Writes one packet whose times are in `timebase`. The packet is empty afterwards.
   *
   * @throws VisualError `VB_WRITE_FAILED`, or `VB_FFMPEG` when the container refuses the packet.
   */
  write(packet: Packet, stream: Stream, timebase: Rational): void {
    packet.streamIndex = stream.index;
    packet.rescaleTs(timebase, stream.timeBase);
    const written = this.#context.interleavedWriteFrameSync(packet);
    checkWrite(written, 'av_interleaved_write_frame', this.#path);
    packet.unref();
  }

  /**
   * Writes what is still queued and the index, and makes sure that all of it reached the file.
   *
   * @throws VisualError `VB_WRITE_FAILED`.
   */
  finish(): void {
    checkWrite(this.#context.writeTrailerSync(), 'av_write_trailer', this.#path);
    this.#context.pb?.flushSync();
    checkWrite(this.#context.pb?.error ?? 0, 'avio_flush', this.#path);
  }

  /** Closes the file and frees the native context; call it whether or not {@link finish} was reached. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#context.closeOutputSync();
    this.#context.freeContext();
  }
}

/** Tells a failing disk from a failing container: FFmpeg passes errno through, its own codes differ. */
function checkWrite(returnCode: number, call: string, path: string): void {
  const isErrno = returnCode < 0 && returnCode > -MAX_ERRNO;
  if (!isErrno || returnCode === AVERROR_EINVAL) {
    check(returnCode, call, path);
    return;
  }
  const reason = FFmpegError.strerror(returnCode);
  throw new VisualError(
    'VB_WRITE_FAILED',
    `${path} could not be written: ${reason}. Check the folder, its permissions and the free space.`,
    { details: { path, call, reason } },
  );
}
