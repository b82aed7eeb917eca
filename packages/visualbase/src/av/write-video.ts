import { Frame } from 'node-av/lib';
import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_RGB,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { NS_PER_SEC, nsToTicks } from '../time/ns.ts';
import type { WriterFacts, WriterJob } from '../writer/writer-job.ts';
import { check } from './check.ts';
import { addClipAudio, type ClipAudio } from './clip-audio.ts';
import { openClipFile, setClipLength } from './clip-file.ts';
import type { Muxer } from './muxer.ts';
import { closeInput, openInput } from './open-input.ts';
import { PacketReader } from './packet-reader.ts';
import { PictureConverter, type PictureLayout } from './picture-converter.ts';
import { usualColorSpace } from './usual-color-space.ts';
import { VideoTrack } from './video-track.ts';

// More would take the cores from the analysis that makes the pictures.
const ENCODER_THREADS = 2;
/** The finest that fits into MP4's 32-bit durations. */
const TIMEBASE = { num: 1, den: 1_000_000 };
const USUAL_FPS = 30;
/** A hint for rate control as a fraction: thousandths of a picture a second. */
const RATE_DEN = 1000;

/** Writes RGB pictures as H.264 into a file, each at its time. Blocks its thread. */
export class VideoFileWriter {
  readonly #job: WriterJob;
  readonly #sound: PacketReader | undefined;
  readonly #layout: PictureLayout;
  readonly #picture = new Frame();
  /** The newest picture, converted; encoded once the next one says how long it lasts. */
  #held: Frame | undefined;
  readonly #converter: PictureConverter;
  #muxer: Muxer | undefined;
  #track: VideoTrack | undefined;
  #audio: ClipAudio | undefined;
  #firstNs = 0;
  #heldNs = -1;
  #lastNs = 0;
  #lastTicks = -1n;
  #frameCount = 0;
  #isFree = false;

  private constructor(job: WriterJob, sound: PacketReader | undefined) {
    this.#job = job;
    this.#sound = sound;
    this.#layout = {
      // H.264 with 4:2:0 colour has even sides; the odd row or column is left out.
      width: job.width - (job.width % 2),
      height: job.height - (job.height % 2),
      pixelFormat: AV_PIX_FMT_YUV420P,
      colorRange: AVCOL_RANGE_MPEG,
      colorSpace: usualColorSpace(job.height),
    };
    this.#picture.alloc();
    this.#converter = new PictureConverter(this.#layout);
    this.#lastNs = Math.round(NS_PER_SEC / (job.fps ?? USUAL_FPS));
  }

  /**
   * Opens the file that the sound comes from; the file to write is created with the first picture.
   *
   * @throws VisualError as `openInput`.
   */
  static async open(job: WriterJob): Promise<VideoFileWriter> {
    const { audioFrom } = job;
    if (audioFrom === undefined) return new VideoFileWriter(job, undefined);
    const input = await openInput(audioFrom);
    closeInput(input);
    if (input.info.audio === undefined) return new VideoFileWriter(job, undefined);
    return new VideoFileWriter(job, await PacketReader.open(audioFrom, 'audio'));
  }

  /**
   * Takes a picture; the one before is encoded, since it is known now how long it lasts.
   *
   * @param pixels - RGB, rows without padding.
   * @throws VisualError `VB_WRITE_FAILED`, `VB_UNSUPPORTED_CODEC` or `VB_FFMPEG`.
   */
  async write(tNs: number, pixels: Buffer): Promise<void> {
    if (this.#frameCount === 0) await this.#begin(tNs);
    else this.#encodeHeld(tNs);
    this.#hold(pixels);
    this.#heldNs = tNs;
    this.#frameCount += 1;
  }

  /**
   * Completes the file.
   *
   * @param endNs - When the last picture ends; by default it lasts as long as the one before, or as
   * one at the rate of the job.
   */
  async finish(endNs: number | undefined): Promise<WriterFacts> {
    const end = endNs ?? this.#heldNs + this.#lastNs;
    this.#encodeHeld(end);
    this.#track!.finish(nsToTicks(end - this.#firstNs, TIMEBASE.num, TIMEBASE.den));
    const origin = this.#soundOriginNs;
    this.#audio?.finish(origin + end);
    this.#muxer!.finish();
    const facts = {
      frameCount: this.#frameCount,
      startNs: this.#firstNs,
      endNs: end,
      hasAudio: (this.#audio?.packetCount ?? 0) > 0,
    };
    this.free();
    await setClipLength(this.#job, facts, TIMEBASE);
    return facts;
  }

  /** Closes the files and frees what is native. */
  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    this.#audio?.free();
    this.#sound?.close();
    this.#track?.free();
    this.#converter.free();
    this.#picture.free();
    this.#muxer?.close();
  }

  get #soundOriginNs(): number {
    return this.#sound?.info.video.startNs ?? 0;
  }

  async #begin(tNs: number): Promise<void> {
    const { crf, preset, container, fps } = this.#job;
    this.#firstNs = tNs;
    const originNs = this.#soundOriginNs + tNs;
    if (tNs > 0) await this.#sound?.seek(originNs);
    this.#muxer = openClipFile(this.#job, TIMEBASE);
    this.#track = new VideoTrack(this.#muxer, {
      encoder: FF_ENCODER_LIBX264,
      threadCount: ENCODER_THREADS,
      timebase: TIMEBASE,
      frameRate: { num: Math.round((fps ?? USUAL_FPS) * RATE_DEN), den: RATE_DEN },
      ...this.#layout,
      options: { crf: String(crf), preset },
    });
    const canHidePreroll = container === 'mp4';
    this.#audio =
      this.#sound && addClipAudio(this.#muxer, this.#sound, originNs, { canHidePreroll });
    this.#muxer.start();
  }

  #hold(pixels: Buffer): void {
    const picture = this.#picture;
    picture.unref();
    picture.width = this.#job.width;
    picture.height = this.#job.height;
    picture.format = AV_PIX_FMT_RGB24;
    check(picture.getBuffer(), 'av_frame_get_buffer');
    check(picture.fromBuffer(pixels), 'av_frame_copy');
    picture.colorSpace = AVCOL_SPC_RGB;
    picture.colorRange = AVCOL_RANGE_JPEG;
    picture.width = this.#layout.width;
    picture.height = this.#layout.height;
    // Now, since the pixels belong to somebody else afterwards.
    this.#held = this.#converter.convert(picture);
    picture.unref();
  }

  #encodeHeld(endNs: number): void {
    const ticks = nsToTicks(this.#heldNs - this.#firstNs, TIMEBASE.num, TIMEBASE.den);
    const endTicks = nsToTicks(endNs - this.#firstNs, TIMEBASE.num, TIMEBASE.den);
    const picture = this.#held!;
    picture.pts = ticks > this.#lastTicks ? ticks : this.#lastTicks + 1n;
    picture.duration = endTicks > picture.pts ? endTicks - picture.pts : 1n;
    this.#lastTicks = picture.pts;
    this.#lastNs = endNs - this.#heldNs;
    this.#track!.encode(picture);
    this.#audio?.writeUntil(this.#soundOriginNs + this.#heldNs);
  }
}
