import { FFmpegError, Packet, type Frame } from 'node-av/lib';
import { AV_PKT_FLAG_CORRUPT, AVDISCARD_ALL, AVERROR_EOF } from 'node-av/constants';
import { missingBytes } from '../decode/announced-end.ts';
import type { DecodeJob, DecodeStats } from '../decode/decode-job.ts';
import { nsToTicks } from '../time/ns.ts';
import { decodeStats, nothingDecoded } from './decode-stats.ts';
import { GopBuffer } from './gop-buffer.ts';
import { closeInput, openInput, type OpenedInput } from './open-input.ts';
import { PictureJudge } from './picture-judge.ts';
import { PictureOutput, type PictureSink } from './picture-output.ts';
import { SampledPackets } from './sampled-packets.ts';
import { ticksOf, VideoDecoder } from './video-decoder.ts';

/** Codecs whose unreferenced pictures can be left out with the rest coming out the same, bit for bit. */
const SKIPPABLE_CODECS = new Set(['h264', 'mpeg4', 'mpeg2video', 'mpeg1video']);

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
    return await new FileDecoding(input, job, sink, cutOffBytes).run();
  } finally {
    closeInput(input);
  }
}

class FileDecoding {
  readonly #input: OpenedInput;
  readonly #job: DecodeJob;
  readonly #sink: PictureSink;
  readonly #cutOffBytes: number;
  readonly #decoder: VideoDecoder;
  readonly #judge: PictureJudge;
  readonly #output: PictureOutput;
  /** Where pictures are sampled: picks the packets that have to be decoded. */
  readonly #sampled: SampledPackets | undefined;
  readonly #canSkipUnreferenced: boolean;
  readonly #startTicks: bigint;
  /** Nothing that is stored later is wanted; undefined if that cannot be told. */
  readonly #stopTicks: bigint | undefined;
  /** Whether all packets so far tell when they are shown, so that some may be left out. */
  #hasTimes: boolean;
  #endTicks = 0n;
  #packetCount = 0;
  #damagedPacketCount = 0;
  #decodedCount = 0;
  #misplacedCount = 0;
  /** Whether there was more to read that nobody wants. */
  #isLeftEarly = false;
  #isDone = false;

  constructor(input: OpenedInput, job: DecodeJob, sink: PictureSink, cutOffBytes: number) {
    this.#input = input;
    this.#job = job;
    this.#sink = sink;
    this.#cutOffBytes = cutOffBytes;
    const { video, audio, info } = input;
    if (audio !== undefined) audio.discard = AVDISCARD_ALL;
    const { num, den } = video.timeBase;
    const streamStart = ticksOf(video.startTime);
    this.#startTicks = (streamStart ?? 0n) + nsToTicks(job.startNs, num, den);
    if (streamStart !== undefined && job.endNs < Infinity) {
      this.#stopTicks = streamStart + nsToTicks(job.endNs, num, den) + 1n;
    }
    // Program streams give times to a part of their packets only.
    this.#hasTimes = info.container !== 'mpeg';
    this.#canSkipUnreferenced = SKIPPABLE_CODECS.has(info.video.codec);
    this.#sampled = SampledPackets.of(input, job);
    this.#judge = new PictureJudge(input, job);
    this.#decoder = new VideoDecoder(video);
    this.#output = new PictureOutput(sink, job, info.video.rotationDeg);
  }

  async run(): Promise<DecodeStats> {
    const packet = new Packet();
    packet.alloc();
    const skipping = new GopBuffer(this.#startTicks);
    let readError: string | undefined;
    try {
      readError = await this.#readAll(packet, skipping);
      if (skipping.isAtStart) await this.#decodeHeld(skipping);
      this.#sampled?.flush();
      await this.#decodeDue();
      if (!this.#isFinished) await this.#takePictures(null);
      await this.#output.settle();
      if (this.#isLeftEarly) this.#isDone = true;
    } finally {
      this.#sampled?.free();
      skipping.free();
      packet.free();
      this.#decoder.free();
      await this.#output.free();
    }
    const stats = this.#stats(readError);
    if (this.#decodedCount === 0 && !this.#isFinished && this.#job.startNs === 0) {
      throw nothingDecoded(this.#input, stats);
    }
    return stats;
  }

  get #isFinished(): boolean {
    return this.#isDone || this.#sink.isStopped;
  }

  get #hasDamage(): boolean {
    return this.#damagedPacketCount + this.#decoder.damageCount > 0;
  }

  /** Reads to the end, or until enough is read. Returns why reading broke off, if it did. */
  async #readAll(packet: Packet, skipping: GopBuffer): Promise<string | undefined> {
    const { context, video } = this.#input;
    const videoIndex = video.index;
    let isSkipping = this.#job.startNs > 0 && this.#hasTimes;
    while (!this.#isFinished) {
      this.#sink.tick();
      const read = context.readFrameSync(packet);
      if (read === AVERROR_EOF) return undefined;
      if (read < 0) return FFmpegError.strerror(read);
      if (packet.streamIndex === videoIndex) {
        if (this.#isBehindEnd(packet)) {
          this.#isLeftEarly = true;
          return undefined;
        }
        this.#countPacket(packet);
        if (isSkipping && this.#hasTimes) {
          isSkipping = !skipping.add(packet);
          if (!isSkipping) await this.#decodeHeld(skipping);
        } else {
          // Without times there is no telling where decoding may begin.
          await this.#decodeHeld(skipping);
          isSkipping = false;
          await this.#decode(packet);
        }
      }
      packet.unref();
    }
    return undefined;
  }

  /** What is stored at dts is shown then or later. */
  #isBehindEnd(packet: Packet): boolean {
    const dts = ticksOf(packet.dts);
    if (this.#stopTicks === undefined || dts === undefined || dts <= this.#stopTicks) return false;
    return this.#hasTimes && packet.pts >= packet.dts && !this.#hasDamage;
  }

  #countPacket(packet: Packet): void {
    const pts = ticksOf(packet.pts);
    const time = pts ?? ticksOf(packet.dts);
    if (pts === undefined) this.#hasTimes = false;
    this.#packetCount += 1;
    if (time !== undefined && time + packet.duration > this.#endTicks) {
      this.#endTicks = time + packet.duration;
    }
    this.#judge.addPacket(packet);
    if (packet.hasFlags(AV_PKT_FLAG_CORRUPT)) this.#damagedPacketCount += 1;
  }

  async #decodeHeld(skipping: GopBuffer): Promise<void> {
    const held = skipping.take();
    try {
      for (const packet of held) await this.#decode(packet);
    } finally {
      for (const packet of held) packet.free();
    }
  }

  async #decode(packet: Packet): Promise<void> {
    if (this.#sampled === undefined) {
      const isEarly = this.#hasTimes && packet.pts < this.#startTicks;
      await this.#send(packet, !isEarly);
      return;
    }
    if (this.#judge.isInDecodeOrder || this.#hasDamage) this.#sampled.giveUp();
    this.#sampled.add(packet);
    await this.#decodeDue();
  }

  async #decodeDue(): Promise<void> {
    const sampled = this.#sampled;
    while (!this.#isFinished) {
      const due = sampled?.next();
      if (sampled === undefined || due === undefined) return;
      try {
        await this.#send(due.packet, due.isWanted);
      } finally {
        sampled.handBack(due.packet);
      }
    }
  }

  async #send(packet: Packet, isWanted: boolean): Promise<void> {
    const mayLeaveOut = !isWanted && this.#canSkipUnreferenced;
    this.#decoder.skip = mayLeaveOut ? 'unreferenced' : 'nothing';
    await this.#takePictures(packet);
  }

  async #takePictures(packet: Packet | null): Promise<void> {
    const before = this.#output.count;
    for (const picture of this.#decoder.pictures(packet)) {
      const added = this.#onPicture(picture);
      if (added !== undefined) await added;
    }
    // The decoding of this packet was what the picture before could be converted beside.
    if (this.#output.count === before) await this.#output.settle();
  }

  #onPicture(picture: Frame): Promise<void> | undefined {
    this.#decodedCount += 1;
    if (this.#isFinished) return undefined;
    const verdict = this.#judge.judge(picture, this.#hasDamage);
    if (verdict.kind === 'misplaced') this.#misplacedCount += 1;
    if (verdict.kind === 'behind-end') this.#isDone = true;
    if (verdict.kind !== 'wanted') return undefined;
    return this.#output.add(picture, verdict.tNs, verdict.frameId);
  }

  #stats(readError: string | undefined): DecodeStats {
    return decodeStats(this.#input, {
      packetCount: this.#packetCount,
      decodedCount: this.#decodedCount,
      deliveredCount: this.#output.count,
      damagedPacketCount: this.#damagedPacketCount + this.#decoder.damagedPacketCount,
      damagedPictureCount: this.#decoder.damagedPictureCount + this.#misplacedCount,
      repairedTimeCount: this.#judge.repairedTimeCount,
      endTicks: this.#endTicks,
      isToEnd: !this.#isFinished,
      readError,
      cutOffBytes: this.#cutOffBytes,
    });
  }
}
