import { Frame } from 'node-av/lib';
import { STOP } from '../clip/clip-job.ts';
import { outputSize } from '../decode/decode-job.ts';
import { DecodeOrderTimes } from '../decode/decode-order-times.ts';
import { FrameClock } from '../decode/frame-clock.ts';
import { roomBytesFor } from '../decode/picture-room.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { StillJob, StillPicture } from '../still/still-job.ts';
import { NS_PER_SEC } from '../time/ns.ts';
import { check } from './check.ts';
import { PacketReader } from './packet-reader.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

/** 16384 x 16384: beyond any camera, below what would exhaust memory. */
const MAX_PIXELS = 2 ** 28;
/** Decoding on is faster than a jump to a key frame that may lie before the last picture. */
const SHORT_WAY_NS = NS_PER_SEC;

/**
 * Reads the pictures shown at some times: for each the last one that is not later, or the first of the
 * file. Blocks its thread.
 *
 * @returns One for each time; undefined when it was stopped before the end.
 * @throws VisualError as `openInput`, `VB_UNSUPPORTED_CODEC`, `VB_TOO_LARGE` or `VB_DECODE_FAILED`.
 */
export async function readStills(job: StillJob): Promise<readonly StillPicture[] | undefined> {
  const reader = await PacketReader.open(job.sourcePath, 'video');
  try {
    return await new StillReading(job, reader).run();
  } finally {
    reader.close();
  }
}

class StillReading {
  readonly #job: StillJob;
  readonly #reader: PacketReader;
  readonly #decoder: VideoDecoder;
  readonly #rotator: Rotator;
  readonly #scaler: RgbScaler;
  /** The newest picture, kept until the next one says how long it is shown. */
  readonly #held = new Frame();
  readonly #found: StillPicture[] = [];
  readonly #decodeOrder: DecodeOrderTimes | undefined;
  #clock: FrameClock;
  #heldNs = -1;

  constructor(job: StillJob, reader: PacketReader) {
    this.#job = job;
    this.#reader = reader;
    const { video } = reader.info;
    const { width, height } = outputSize(video, job);
    if (Math.max(width * height, video.width * video.height) > MAX_PIXELS) {
      throw new VisualError(
        'VB_TOO_LARGE',
        `${job.sourcePath} announces pictures of ${video.width}x${video.height}, of which ${width}x${height} are wanted; at most ${MAX_PIXELS} pixels are accepted. The file is damaged, or set maxSide.`,
        { details: { path: job.sourcePath, width, height } },
      );
    }
    this.#decodeOrder = timesInDecodeOrder(reader);
    this.#clock = this.#newClock();
    this.#rotator = new Rotator(video.rotationDeg);
    this.#scaler = new RgbScaler(width, height);
    this.#held.alloc();
    this.#decoder = new VideoDecoder(reader.stream, (picture) => this.#onPicture(picture));
  }

  async run(): Promise<readonly StillPicture[] | undefined> {
    try {
      while (!this.#isDone) {
        if (Atomics.load(this.#job.flags, STOP) !== 0) return undefined;
        if (this.#isFarAhead) await this.#jump();
        const packet = this.#reader.next();
        if (packet === undefined) {
          this.#decoder.flush();
          this.#answerUntil(Infinity);
          break;
        }
        this.#decoder.decode(packet);
      }
      if (!this.#isDone) throw this.#nothingDecoded();
      return this.#found;
    } finally {
      this.#decoder.free();
      this.#rotator.free();
      this.#scaler.free();
      this.#held.free();
    }
  }

  get #isDone(): boolean {
    return this.#found.length === this.#job.timesNs.length;
  }

  get #isFarAhead(): boolean {
    // Without times on its packets there is no telling where a key frame is.
    if (this.#decodeOrder !== undefined || ticksOf(this.#reader.stream.startTime) === undefined) {
      return false;
    }
    const wantedNs = this.#job.timesNs[this.#found.length]!;
    return wantedNs > Math.max(0, this.#heldNs, this.#jumpedToNs) + SHORT_WAY_NS;
  }

  #jumpedToNs = -1;

  async #jump(): Promise<void> {
    const wantedNs = this.#job.timesNs[this.#found.length]!;
    this.#jumpedToNs = wantedNs;
    await this.#reader.seek(this.#reader.info.video.startNs + wantedNs);
    this.#decoder.reset();
    this.#clock = this.#newClock();
    this.#held.unref();
    this.#heldNs = -1;
  }

  #onPicture(picture: Frame): void {
    if (this.#isDone) return;
    const label = ticksOf(picture.bestEffortTimestamp);
    const tNs = this.#clock.next(this.#decodeOrder?.next(label, picture.duration) ?? label);
    this.#answerUntil(tNs);
    this.#held.unref();
    check(this.#held.ref(picture), 'av_frame_ref');
    this.#heldNs = tNs;
    // Before the first picture of the file nothing is shown; that one comes closest.
    if (this.#job.timesNs[this.#found.length]! < tNs) this.#answerUntil(tNs);
  }

  /** Gives the held picture for all times before `tNs`, when the next one is shown. */
  #answerUntil(tNs: number): void {
    if (this.#heldNs < 0) return;
    const { timesNs } = this.#job;
    let answer: StillPicture | undefined;
    while (!this.#isDone && timesNs[this.#found.length]! < tNs) {
      answer = answer === undefined ? this.#convert() : { ...answer, data: answer.data.slice() };
      this.#found.push(answer);
    }
  }

  #convert(): StillPicture {
    const { width, height } = this.#scaler;
    const room = Buffer.from(new ArrayBuffer(roomBytesFor(width, height)));
    // The rotator takes the picture's properties away; another answer needs them again.
    const picture = this.#held.clone();
    if (picture === null) throw new RangeError('FFmpeg has no memory for a picture.');
    try {
      this.#scaler.convert(this.#rotator.turn(picture), room);
    } finally {
      picture.free();
    }
    const data = new Uint8Array(room.buffer, 0, width * height * 3);
    return { tSrcNs: this.#heldNs, width, height, data };
  }

  #newClock(): FrameClock {
    const { stream, info } = this.#reader;
    const { num, den } = stream.timeBase;
    return new FrameClock({ num, den }, ticksOf(stream.startTime), info.video.fps);
  }

  #nothingDecoded(): VisualError {
    const { sourcePath, timesNs } = this.#job;
    return new VisualError(
      'VB_DECODE_FAILED',
      `No picture of ${sourcePath} could be decoded around ${timesNs[this.#found.length]} ns. The file is damaged or encrypted.`,
      { details: { path: sourcePath, timesNs } },
    );
  }
}

/** For containers that store decoding times only, see {@link DecodeOrderTimes}. */
function timesInDecodeOrder(reader: PacketReader): DecodeOrderTimes | undefined {
  const first = reader.peek();
  if (first === undefined || ticksOf(first.pts) !== undefined) return undefined;
  const dts = ticksOf(first.dts);
  return dts === undefined ? undefined : new DecodeOrderTimes(dts);
}
