import { avGetPixFmtName, Frame } from 'node-av/lib';
import {
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  FF_ENCODER_LIBX264,
  type AVPixelFormat,
} from 'node-av/constants';
import { STOP, type ClipFacts, type ClipJob } from '../clip/clip-job.ts';
import { FrameClock } from '../decode/frame-clock.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { Rational } from '../probe/media-info.ts';
import { NS_PER_SEC, nsToTicks, ticksToNs } from '../time/ns.ts';
import { lastPictureEndNs } from '../clip/last-picture-end.ts';
import { check } from './check.ts';
import { addClipAudio, type ClipAudio } from './clip-audio.ts';
import { clipOutside } from './clip-errors.ts';
import { openClipFile, setClipLength } from './clip-file.ts';
import type { Muxer } from './muxer.ts';
import { PacketReader, packetTimeNs } from './packet-reader.ts';
import { PictureConverter, type PictureLayout } from './picture-converter.ts';
import { usualColorSpace } from './usual-color-space.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';
import { VideoTrack } from './video-track.ts';

// More would take the cores from the analysis that runs beside.
const ENCODER_THREADS = 2;
// Finer clocks than a microsecond do not fit into MP4's 32-bit durations.
const FINEST_TIMEBASE: Rational = { num: 1, den: 1_000_000 };

/**
 * Writes the pictures with `startNs <= t < endNs`, and the sound that goes with them, as H.264.
 * Blocks its thread.
 *
 * @returns What was written; undefined when it was stopped before the end.
 * @throws VisualError as `openInput`, `VB_UNSUPPORTED_CODEC`, `VB_CLIP_OUTSIDE`, `VB_DECODE_FAILED` or
 * `VB_WRITE_FAILED`. What was written by then is useless and stays for the caller to remove.
 */
export async function encodeClip(job: ClipJob): Promise<ClipFacts | undefined> {
  const video = await PacketReader.open(job.sourcePath, 'video');
  let audio: PacketReader | undefined;
  try {
    const { startNs: streamStartNs } = video.info.video;
    if (job.startNs > 0) await video.seek(streamStartNs + job.startNs);
    if (job.isAudioWanted && video.info.audio !== undefined) {
      audio = await PacketReader.open(job.sourcePath, 'audio');
      if (job.startNs > 0) await audio.seek(streamStartNs + job.startNs);
    }
    const encoding = new ClipEncoding(job, video, audio);
    const facts = encoding.run();
    if (facts !== undefined) await setClipLength(job, facts, encoding.timebase);
    return facts;
  } finally {
    audio?.close();
    video.close();
  }
}

/** What exists from the first picture on. */
interface Output {
  readonly muxer: Muxer;
  readonly track: VideoTrack;
  readonly converter: PictureConverter;
  readonly layout: PictureLayout;
  readonly audio: ClipAudio | undefined;
}

class ClipEncoding {
  readonly #job: ClipJob;
  readonly #reader: PacketReader;
  readonly #audioReader: PacketReader | undefined;
  readonly #decoder: VideoDecoder;
  readonly #clock: FrameClock;
  /** Unit of the times in the clip. */
  readonly timebase: Rational;
  readonly #frameNs: number;
  /** The newest picture, kept back until the time of the next one says how long it lasts. */
  readonly #held = new Frame();
  #output: Output | undefined;
  #firstNs = 0;
  #heldNs = 0;
  #lastTicks = -1n;
  #frameCount = 0;
  #decodedCount = 0;
  #packetCount = 0;
  #isDone = false;

  constructor(job: ClipJob, reader: PacketReader, audioReader: PacketReader | undefined) {
    this.#job = job;
    this.#reader = reader;
    this.#audioReader = audioReader;
    const { stream } = reader;
    const { fps } = reader.info.video;
    const { num, den } = stream.timeBase;
    this.timebase = den / num > FINEST_TIMEBASE.den ? FINEST_TIMEBASE : { num, den };
    this.#frameNs = Math.round(NS_PER_SEC / (fps > 0 ? fps : 25));
    this.#clock = new FrameClock({ num, den }, ticksOf(stream.startTime), fps);
    this.#held.alloc();
    this.#decoder = new VideoDecoder(stream, (picture) => this.#onPicture(picture));
  }

  run(): ClipFacts | undefined {
    try {
      this.#decodeAll();
      return this.#isStopped ? undefined : this.#finish();
    } finally {
      this.#decoder.free();
      this.#held.free();
      this.#output?.audio?.free();
      this.#output?.converter.free();
      this.#output?.track.free();
      this.#output?.muxer.close();
    }
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#job.flags, STOP) !== 0;
  }

  #decodeAll(): void {
    const { stream } = this.#reader;
    const startNs = this.#reader.info.video.startNs + this.#job.startNs;
    while (!this.#isDone && !this.#isStopped) {
      const packet = this.#reader.next();
      if (packet === undefined) {
        this.#decoder.flush();
        return;
      }
      this.#packetCount += 1;
      const tNs = packetTimeNs(packet, stream);
      const isBefore = tNs !== undefined && tNs < startNs;
      this.#decoder.skip = isBefore ? 'unreferenced' : 'nothing';
      this.#decoder.decode(packet);
    }
  }

  #onPicture(picture: Frame): void {
    this.#decodedCount += 1;
    if (this.#isDone || this.#isStopped) return;
    const tNs = this.#clock.next(ticksOf(picture.bestEffortTimestamp));
    if (tNs < this.#job.startNs) return;
    if (this.#frameCount > 0) {
      this.#encodeHeld(tNs >= this.#job.endNs ? this.#lastPictureEnd(0, tNs) : tNs);
    }
    if (tNs >= this.#job.endNs) {
      this.#isDone = true;
      return;
    }
    if (this.#output === undefined) {
      this.#firstNs = tNs;
      this.#output = this.#open(picture);
    }
    this.#held.unref();
    check(this.#held.ref(picture), 'av_frame_ref');
    this.#heldNs = tNs;
    this.#frameCount += 1;
  }

  #encodeHeld(endNs: number): void {
    const output = this.#output;
    if (output === undefined) return;
    const held = this.#held;
    const ticks = this.#ticksAt(this.#heldNs);
    held.pts = ticks > this.#lastTicks ? ticks : this.#lastTicks + 1n;
    const endTicks = this.#ticksAt(endNs);
    held.duration = endTicks > held.pts ? endTicks - held.pts : 1n;
    held.pictType = AV_PICTURE_TYPE_NONE; // the encoder decides anew
    this.#lastTicks = held.pts;
    output.track.encode(fitsLayout(held, output.layout) ? held : this.#convert(output));
    output.audio?.writeUntil(this.#reader.info.video.startNs + this.#heldNs);
  }

  #convert({ converter }: Output): Frame {
    // H.264 with 4:2:0 colour has even sides; the odd row or column is left out.
    this.#held.width -= this.#held.width % 2;
    this.#held.height -= this.#held.height % 2;
    return converter.convert(this.#held);
  }

  #lastPictureEnd(ownNs: number, nextNs?: number): number {
    const { streamEndNs } = this.#reader;
    const last = { tNs: this.#heldNs, frameNs: this.#frameNs, ownNs, streamEndNs, nextNs };
    return lastPictureEndNs(last, this.#job.endNs);
  }

  #finish(): ClipFacts {
    const output = this.#output;
    if (output === undefined) throw this.#nothingFound();
    let endNs: number;
    if (this.#isDone) {
      endNs = this.#firstNs + this.#nsOf(this.#lastTicks + this.#held.duration);
    } else {
      const { num, den } = this.#reader.stream.timeBase;
      endNs = this.#lastPictureEnd(ticksToNs(this.#held.duration, num, den));
      this.#encodeHeld(endNs);
    }
    output.track.finish(this.#lastTicks + this.#held.duration);
    output.audio?.finish(this.#reader.info.video.startNs + endNs);
    output.muxer.finish();
    const hasAudio = (output.audio?.packetCount ?? 0) > 0;
    const frameCount = this.#frameCount;
    return { startNs: this.#firstNs, endNs, frameCount, hasAudio, method: 'encode' };
  }

  #open(picture: Frame): Output {
    const job = this.#job;
    const layout = layoutFor(picture);
    const muxer = openClipFile(job, this.timebase);
    let track: VideoTrack | undefined;
    let audio: ClipAudio | undefined;
    try {
      const { stream, info } = this.#reader;
      const { num, den } = stream.avgFrameRate;
      track = new VideoTrack(muxer, {
        encoder: FF_ENCODER_LIBX264,
        threadCount: ENCODER_THREADS,
        timebase: this.timebase,
        frameRate: num > 0 && den > 0 ? { num, den } : { num: 25, den: 1 },
        ...layout,
        colorPrimaries: picture.colorPrimaries,
        colorTransfer: picture.colorTrc,
        sampleAspectRatio: info.video.sampleAspectRatio,
        options: { crf: String(job.crf), preset: job.preset },
      });
      const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
      if (matrix !== null) {
        track.stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, matrix);
      }
      const originNs = info.video.startNs + this.#firstNs;
      const canHidePreroll = job.container === 'mp4';
      audio =
        this.#audioReader && addClipAudio(muxer, this.#audioReader, originNs, { canHidePreroll });
      muxer.start();
      return { muxer, track, layout, audio, converter: new PictureConverter(layout) };
    } catch (error) {
      audio?.free();
      track?.free();
      muxer.close();
      throw error;
    }
  }

  #ticksAt(tNs: number): bigint {
    return nsToTicks(tNs - this.#firstNs, this.timebase.num, this.timebase.den);
  }

  #nsOf(ticks: bigint): number {
    return ticksToNs(ticks, this.timebase.num, this.timebase.den);
  }

  #nothingFound(): VisualError {
    const { sourcePath, startNs, endNs } = this.#job;
    if (this.#decodedCount === 0 && this.#packetCount > 0) {
      return new VisualError(
        'VB_DECODE_FAILED',
        `None of the ${this.#packetCount} video packets around ${startNs} ns in ${sourcePath} could be decoded. The file is damaged or encrypted.`,
        { details: { path: sourcePath, startNs, endNs, packetCount: this.#packetCount } },
      );
    }
    return clipOutside(this.#job, this.#reader.info.durationNs);
  }
}

const isRgb = (format: AVPixelFormat): boolean =>
  /rgb|bgr|gbr|pal8/.test(avGetPixFmtName(format) ?? '');

/** Eight-bit 4:2:0 of limited range, which every H.264 player shows; the colour matrix is kept. */
function layoutFor(picture: Frame): PictureLayout {
  const { width, height } = picture;
  return {
    width: width - (width % 2),
    height: height - (height % 2),
    pixelFormat: AV_PIX_FMT_YUV420P,
    colorRange: AVCOL_RANGE_MPEG,
    colorSpace: isRgb(picture.format as AVPixelFormat)
      ? usualColorSpace(height)
      : picture.colorSpace,
  };
}

const fitsLayout = (picture: Frame, layout: PictureLayout): boolean =>
  picture.format === layout.pixelFormat &&
  picture.width === layout.width &&
  picture.height === layout.height &&
  picture.colorRange !== AVCOL_RANGE_JPEG;
