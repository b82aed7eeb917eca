import { FFmpegError, Packet, type Frame } from 'node-av/lib';
import {
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AVDISCARD_ALL,
  AVERROR_EOF,
} from 'node-av/constants';
import { missingBytes } from '../decode/announced-end.ts';
import type { DecodeJob, DecodeStats } from '../decode/decode-job.ts';
import { DecodeOrderTimes } from '../decode/decode-order-times.ts';
import { FrameClock } from '../decode/frame-clock.ts';
import { PictureIndex } from '../decode/picture-index.ts';
import { SampleGrid } from '../decode/sample-grid.ts';
import { WantedAhead } from '../decode/wanted-ahead.ts';
import { VisualError } from '../errors/visual-error.ts';
import { nsToTicks, tryTicksToNs } from '../time/ns.ts';
import { missingAtEnd } from './announced-length.ts';
import { GopBuffer } from './gop-buffer.ts';
import { closeInput, openInput, type OpenedInput } from './open-input.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

/** Codecs whose unreferenced pictures can be left out with the rest coming out the same, bit for bit. */
const SKIPPABLE_CODECS = new Set(['h264', 'mpeg4', 'mpeg2video', 'mpeg1video']);

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
    const cutOffBytes = await missingBytes(job.path, input.info.container);
    return new FileDecoding(input, job, sink, cutOffBytes).run();
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
  readonly #cutOffBytes: number;
  /** Where pictures are sampled: sends packets on, knowing which are wanted. */
  readonly #ahead: WantedAhead<Packet> | undefined;
  /** Whether packets tell when they are shown, so that some may be left out before the start. */
  #canSkip: boolean;
  #decodeOrder: DecodeOrderTimes | undefined;
  #endTicks = 0n;
  #lastTicks: bigint | undefined;
  #misplacedCount = 0;
  #packetCount = 0;
  #damagedPacketCount = 0;
  #decodedCount = 0;
  #deliveredCount = 0;
  #isDone = false;

  constructor(input: OpenedInput, job: DecodeJob, sink: PictureSink, cutOffBytes: number) {
    this.#input = input;
    this.#job = job;
    this.#sink = sink;
    this.#cutOffBytes = cutOffBytes;
    const { video, info } = input;
    if (input.audio !== undefined) input.audio.discard = AVDISCARD_ALL;
    const { num, den } = video.timeBase;
    const streamStart = ticksOf(video.startTime);
    this.#clock = new FrameClock({ num, den }, streamStart, info.video.fps);
    this.#grid = job.fps === undefined ? undefined : new SampleGrid(job.fps, job.startNs);
    this.#startTicks = (streamStart ?? 0n) + nsToTicks(job.startNs, num, den);
    // Program streams give times to a part of their packets only.
    this.#canSkip = job.startNs > 0 && info.container !== 'mpeg';
    this.#ahead = this.#lookAhead(streamStart);
    this.#rotator = new Rotator(info.video.rotationDeg);
    this.#scaler = new RgbScaler(job.width, job.height);
    this.#decoder = new VideoDecoder(video, (picture) => this.#onPicture(picture));
  }

  run(): DecodeStats {
    const packet = new Packet();
    packet.alloc();
    const skipping = new GopBuffer();
    let readError: string | undefined;
    try {
      readError = this.#readAll(packet, this.#canSkip ? skipping : undefined);
      if (!this.#isFinished) {
        this.#ahead?.flush();
        this.#decoder.flush();
      }
    } finally {
      for (const held of this.#ahead?.clear() ?? []) held.free();
      skipping.free();
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
        const pts = ticksOf(packet.pts);
        this.#countPacket(packet, pts);
        if (skipping !== undefined && isSkipping && pts !== undefined) {
          skipping.add(packet, pts);
          isSkipping = pts < this.#startTicks && !skipping.isFull;
          if (!isSkipping) skipping.drainInto((held) => this.#decode(held));
        } else {
          // Without times there is no telling where decoding may begin.
          skipping?.drainInto((held) => this.#decode(held));
          isSkipping = false;
          this.#decode(packet);
        }
      }
      packet.unref();
    }
    return undefined;
  }

  #countPacket(packet: Packet, pts: bigint | undefined): void {
    const time = pts ?? ticksOf(packet.dts);
    if (this.#packetCount === 0 && pts === undefined && time !== undefined) {
      this.#decodeOrder = new DecodeOrderTimes(time);
    }
    if (pts === undefined) this.#canSkip = false;
    this.#packetCount += 1;
    if (time !== undefined && time + packet.duration > this.#endTicks) {
      this.#endTicks = time + packet.duration;
    }
    if (isShown(packet, this.#input.info.video.codec)) this.#index.addPacket(pts);
    if (packet.hasFlags(AV_PKT_FLAG_CORRUPT)) this.#damagedPacketCount += 1;
  }

  #decode(packet: Packet): void {
    const pts = ticksOf(packet.pts);
    if (this.#ahead === undefined) {
      const isEarly = this.#canSkip && pts !== undefined && pts < this.#startTicks;
      this.#send(packet, !isEarly);
      return;
    }
    if (this.#decodeOrder !== undefined || this.#hasDamage) this.#ahead.giveUp();
    const held = packet.clone();
    if (held === null) return;
    const isHidden = packet.hasFlags(AV_PKT_FLAG_DISCARD);
    const dts = ticksOf(packet.dts);
    this.#ahead.add(
      held,
      pts === undefined || isHidden ? undefined : Number(pts),
      dts === undefined ? undefined : Number(dts),
    );
  }

  #send(packet: Packet, isWanted: boolean): void {
    this.#decoder.skip = isWanted ? 'nothing' : 'unreferenced';
    this.#decoder.decode(packet);
  }

  /** Judges packets by the grid, as their pictures will be judged when they come out. */
  #lookAhead(streamStart: bigint | undefined): WantedAhead<Packet> | undefined {
    const { video, info } = this.#input;
    const { fps, startNs, endNs } = this.#job;
    if (fps === undefined || streamStart === undefined) return undefined;
    if (!SKIPPABLE_CODECS.has(info.video.codec) || info.container === 'mpeg') return undefined;
    const grid = new SampleGrid(fps, startNs);
    const { num, den } = video.timeBase;
    const judge = (pts: number): boolean => {
      const tNs = tryTicksToNs(BigInt(pts) - streamStart, num, den);
      // A time that is none gets a better one when the picture is there.
      if (tNs === undefined) return true;
      return tNs >= startNs && tNs < endNs && grid.take(tNs);
    };
    return new WantedAhead(judge, (packet, isWanted) => {
      this.#send(packet, isWanted);
      packet.free();
    });
  }

  get #hasDamage(): boolean {
    return this.#damagedPacketCount + this.#decoder.damageCount > 0;
  }

  #onPicture(picture: Frame): void {
    this.#decodedCount += 1;
    if (this.#isFinished) return;
    const label = ticksOf(picture.bestEffortTimestamp);
    const ticks = this.#decodeOrder?.next(label, picture.duration) ?? label;
    if (this.#isMisplaced(ticks)) {
      this.#misplacedCount += 1;
      return;
    }
    this.#lastTicks = ticks;
    const tNs = this.#clock.next(ticks);
    const frameId = this.#index.next(ticks);
    if (tNs < this.#job.startNs) return;
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

  /** Behind damage a decoder may give pictures out of order, or make some up: there is no time for them. */
  #isMisplaced(ticks: bigint | undefined): boolean {
    if (ticks === undefined || this.#lastTicks === undefined || ticks > this.#lastTicks)
      return false;
    return this.#hasDamage;
  }

  #stats(readError: string | undefined): DecodeStats {
    const found = {
      packetCount: this.#packetCount,
      endTicks: this.#endTicks,
      isCutOff: this.#cutOffBytes > 0,
    };
    const isToEnd = !this.#isFinished;
    const missing = isToEnd ? missingAtEnd(this.#input, found) : { missingCount: 0, missingNs: 0 };
    const isUncounted = missing.missingCount === 0 && missing.missingNs === 0;
    const cutOff =
      isToEnd && isUncounted && this.#cutOffBytes > 0
        ? `the file is cut off, at least ${this.#cutOffBytes} bytes are missing`
        : undefined;
    return {
      packetCount: this.#packetCount,
      decodedCount: this.#decodedCount,
      deliveredCount: this.#deliveredCount,
      damage: {
        packetCount: this.#damagedPacketCount + this.#decoder.damagedPacketCount,
        pictureCount: this.#decoder.damagedPictureCount + this.#misplacedCount,
        ...missing,
        repairedTimeCount: this.#clock.repairedCount,
        readError: readError ?? cutOff,
      },
    };
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

/** Whether a packet holds a picture to be shown, and not one that others only refer to. */
function isShown(packet: Packet, codec: string): boolean {
  if (packet.hasFlags(AV_PKT_FLAG_DISCARD)) return false;
  // Bit 4 of a VP8 frame's first byte: show_frame (RFC 6386, 9.1).
  return codec !== 'vp8' || ((packet.data?.[0] ?? 0) & 0x10) !== 0;
}
