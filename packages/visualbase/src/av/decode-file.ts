import { FFmpegError, Packet, type Frame } from 'node-av/lib';
import { AV_NOPTS_VALUE, AV_PKT_FLAG_CORRUPT, AVDISCARD_ALL, AVERROR_EOF } from 'node-av/constants';
import { FrameClock } from '../decode/frame-clock.ts';
import type { DecodeJob, DecodeStats } from '../decode/decode-job.ts';
import { PictureIndex } from '../decode/picture-index.ts';
import { SampleGrid } from '../decode/sample-grid.ts';
import { VisualError } from '../errors/visual-error.ts';
import { NS_PER_SEC, nsToTicks } from '../time/ns.ts';
import { GopBuffer } from './gop-buffer.ts';
import { closeInput, openInput, type OpenedInput } from './open-input.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

/** Containers round their length, and last pictures may last long; this much is no rounding. */
const CUT_OFF_NS = 0.5 * NS_PER_SEC;

/** Where the pictures go. */
export interface PictureSink {
  /** True when no more pictures are wanted. */
  readonly isStopped: boolean;
  /** Gives a buffer to convert into, waiting for room; undefined when no more pictures are wanted. */
  claim(): { readonly slot: number; readonly pixels: Buffer } | undefined;
  /** Takes the converted picture. */
  publish(slot: number, tNs: number, frameId: number): void;
}

/**
 * Decodes a file into a sink: exact times, sampling, scaling, rotation. Blocks its thread.
 *
 * @throws VisualError as {@link openInput}, `VB_UNSUPPORTED_CODEC`, or `VB_DECODE_FAILED` when
 * nothing at all could be decoded.
 */
export async function decodeFile(job: DecodeJob, sink: PictureSink): Promise<DecodeStats> {
  const input = await openInput(job.path);
  try {
    return new FileDecoding(input, job, sink).run();
  } finally {
    closeInput(input);
  }
}

class FileDecoding {
  readonly #input: OpenedInput;
  readonly #job: DecodeJob;
  readonly #sink: PictureSink;
  readonly #decoder: VideoDecoder;
  readonly #rotator: Rotator;
  readonly #scaler: RgbScaler;
  readonly #clock: FrameClock;
  readonly #index = new PictureIndex();
  readonly #grid: SampleGrid | undefined;
  readonly #startTicks: bigint;
  #packetCount = 0;
  #damagedPacketCount = 0;
  #decodedCount = 0;
  #deliveredCount = 0;
  #lastNs = 0;
  #isDone = false;

  constructor(input: OpenedInput, job: DecodeJob, sink: PictureSink) {
    this.#input = input;
    this.#job = job;
    this.#sink = sink;
    const { video, info } = input;
    if (input.audio !== undefined) input.audio.discard = AVDISCARD_ALL;
    const { num, den } = video.timeBase;
    const streamStart = ticksOf(video.startTime);
    this.#clock = new FrameClock({ num, den }, streamStart, info.video.fps);
    this.#grid = job.fps === undefined ? undefined : new SampleGrid(job.fps, job.startNs);
    this.#startTicks = (streamStart ?? 0n) + nsToTicks(job.startNs, num, den);
    this.#rotator = new Rotator(info.video.rotationDeg);
    this.#scaler = new RgbScaler(job.width, job.height);
    this.#decoder = new VideoDecoder(video, (picture) => this.#onPicture(picture));
  }

  run(): DecodeStats {
    const packet = new Packet();
    packet.alloc();
    let readError: string | undefined;
    try {
      const skipping = this.#job.startNs > 0 ? new GopBuffer() : undefined;
      readError = this.#readAll(packet, skipping);
      if (!this.#isFinished) {
        skipping?.drainInto((held) => this.#decoder.decode(held));
        this.#decoder.flush();
      }
      skipping?.free();
    } finally {
      packet.free();
      this.#decoder.free();
      this.#rotator.free();
      this.#scaler.free();
    }
    const stats = this.#stats(readError);
    if (this.#decodedCount === 0 && !this.#sink.isStopped && this.#job.startNs === 0) {
      throw this.#nothingDecoded(stats);
    }
    return stats;
  }

  get #isFinished(): boolean {
    return this.#isDone || this.#sink.isStopped;
  }

  /** Reads to the end, or until enough is delivered. Returns why reading broke off, if it did. */
  #readAll(packet: Packet, skipping: GopBuffer | undefined): string | undefined {
    const { context, video } = this.#input;
    const videoIndex = video.index;
    let isSkipping = skipping !== undefined;
    while (!this.#isFinished) {
      const read = context.readFrameSync(packet);
      if (read === AVERROR_EOF) return undefined;
      if (read < 0) return FFmpegError.strerror(read);
      if (packet.streamIndex === videoIndex) {
        const pts = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
        this.#countPacket(packet, pts);
        if (isSkipping && skipping !== undefined) {
          skipping.add(packet, pts);
          if (pts >= this.#startTicks || skipping.isFull) {
            isSkipping = false;
            skipping.drainInto((held) => this.#decode(held));
          }
        } else {
          this.#decode(packet);
        }
      }
      packet.unref();
    }
    return undefined;
  }

  #countPacket(packet: Packet, pts: bigint): void {
    this.#packetCount += 1;
    if (this.#job.startNs > 0) this.#index.addPacket(pts);
    if (packet.hasFlags(AV_PKT_FLAG_CORRUPT)) this.#damagedPacketCount += 1;
  }

  #decode(packet: Packet): void {
    const pts = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    this.#decoder.skip = pts < this.#startTicks ? 'unreferenced' : 'nothing';
    this.#decoder.decode(packet);
  }

  #onPicture(picture: Frame): void {
    this.#decodedCount += 1;
    if (this.#isFinished) return;
    const ticks = ticksOf(picture.bestEffortTimestamp);
    const tNs = this.#clock.next(ticks);
    this.#lastNs = tNs;
    if (tNs < this.#job.startNs) return;
    const frameId = this.#index.next(ticks ?? this.#startTicks);
    if (tNs >= this.#job.endNs) {
      this.#isDone = true;
      return;
    }
    if (this.#grid !== undefined && !this.#grid.take(tNs)) return;
    const room = this.#sink.claim();
    if (room === undefined) return;
    this.#scaler.convert(this.#rotator.turn(picture), room.pixels);
    this.#deliveredCount += 1;
    this.#sink.publish(room.slot, tNs, frameId);
  }

  #stats(readError: string | undefined): DecodeStats {
    const announced = this.#input.info.video.frameCount ?? 0;
    return {
      packetCount: this.#packetCount,
      decodedCount: this.#decodedCount,
      deliveredCount: this.#deliveredCount,
      damage: {
        packetCount: this.#damagedPacketCount + this.#decoder.damagedPacketCount,
        pictureCount: this.#decoder.damagedPictureCount,
        missingCount: this.#isFinished ? 0 : Math.max(0, announced - this.#packetCount),
        missingNs: announced > 0 ? 0 : this.#missingNs(),
        repairedTimeCount: this.#clock.repairedCount,
        readError,
      },
    };
  }

  #missingNs(): number {
    const { durationNs, audio } = this.#input.info;
    if (this.#isFinished || audio !== undefined || durationNs === 0) return 0;
    const missingNs = durationNs - this.#lastNs;
    return missingNs > CUT_OFF_NS ? missingNs : 0;
  }

  #nothingDecoded(stats: DecodeStats): VisualError {
    const { path } = this.#job;
    const { codec } = this.#input.info.video;
    const { damage, packetCount } = stats;
    return new VisualError(
      'VB_DECODE_FAILED',
      `None of the ${packetCount} ${codec} packets in ${path} could be decoded${damage.readError === undefined ? '' : ` (${damage.readError})`}. The file is damaged or encrypted; get another copy.`,
      { details: { path, codec, packetCount, readError: damage.readError } },
    );
  }
}
