import { Packet, type Stream } from 'node-av/lib';
import { AV_CODEC_ID_HEVC } from 'node-av/constants';
import { STOP, type ClipFacts, type ClipJob } from '../clip/clip-job.ts';
import {
  freeSetId,
  h264LayoutOf,
  joinExtradata,
  readParameterSets,
  relayPacket,
} from '../clip/h264-parameter-sets.ts';
import { lastPictureEndNs } from '../clip/last-picture-end.ts';
import { decodingTimes, type CutPlan, type ScannedSpan } from '../clip/plan-cut.ts';
import { isVisualError } from '../errors/visual-error.ts';
import { NS_PER_SEC, nsToTicks, ticksToNs } from '../time/ns.ts';
import { addClipAudio, type ClipAudio } from './clip-audio.ts';
import { copyImpossible } from './clip-errors.ts';
import { openClipFile, setClipLength } from './clip-file.ts';
import type { Muxer } from './muxer.ts';
import type { PacketReader } from './packet-reader.ts';
import { NotAsPlanned, PieceEncoder } from './piece-encoder.ts';

/** What {@link copyClip} works with. */
export interface CopyInput {
  readonly job: ClipJob;
  /** Standing where it stood when the span was scanned. */
  readonly video: PacketReader;
  /** Already moved to or before the first picture. */
  readonly audio: PacketReader | undefined;
  readonly span: ScannedSpan;
  readonly plan: CutPlan;
}

/**
 * Writes a clip whose packets are taken over as they are, but for pictures at its ends that are encoded
 * anew. Blocks its thread.
 *
 * @returns What was written; undefined when it was stopped before the end.
 * @throws NotAsPlanned when the source is not what its packets announced; VisualError
 * `VB_COPY_IMPOSSIBLE` when the container does not take the codec, `VB_WRITE_FAILED`.
 */
export async function copyClip(input: CopyInput): Promise<ClipFacts | undefined> {
  const facts = new ClipCopying(input).run();
  const { num, den } = input.video.stream.timeBase;
  if (facts !== undefined) await setClipLength(input.job, facts, { num, den });
  return facts;
}

class ClipCopying {
  readonly #input: CopyInput;
  readonly #stream: Stream;
  readonly #muxer: Muxer;
  readonly #out = new Packet();
  readonly #endNs: number;
  readonly #firstNs: number;
  /** Times of all packets in the order in which they are written. */
  readonly #times: readonly number[];
  readonly #decodingTimes: readonly number[];
  readonly #durations: ReadonlyMap<number, number>;
  readonly #pieces: PieceEncoder[] = [];
  #target: Stream | undefined;
  #audio: ClipAudio | undefined;
  #writtenCount = 0;
  #relay: (bytes: Buffer) => Uint8Array = (bytes) => bytes;

  constructor(input: CopyInput) {
    const { plan, span, video } = input;
    this.#input = input;
    this.#stream = video.stream;
    this.#firstNs = this.#nsOf(plan.firstPts);
    this.#endNs = this.#endOfLast();
    const copied = span.packets.slice(plan.copyFrom, plan.copyTo).map(({ pts }) => pts!);
    const kept = copied.filter((pts) => !plan.isLeftOut(pts));
    this.#times = [...plan.head, ...kept, ...plan.tail];
    this.#decodingTimes = decodingTimes(this.#times);
    this.#durations = this.#durationsOf(this.#times);
    const { num, den } = this.#stream.timeBase;
    this.#muxer = openClipFile(input.job, { num, den });
    this.#out.alloc();
  }

  run(): ClipFacts | undefined {
    try {
      const [head, tail] = this.#open();
      const isComplete = this.#writeAll(head, tail);
      return isComplete && !this.#isStopped ? this.#finish() : undefined;
    } finally {
      for (const piece of this.#pieces) piece.free();
      this.#audio?.free();
      this.#out.free();
      this.#muxer.close();
    }
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#input.job.flags, STOP) !== 0;
  }

  #open(): readonly [PieceEncoder | undefined, PieceEncoder | undefined] {
    const { job, plan, video, audio } = this.#input;
    this.#target = this.#muxer.addCopy(this.#stream);
    const { codecpar } = this.#target;
    // Parameter sets are in the header; players of Apple take no other kind.
    if (codecpar.codecId === AV_CODEC_ID_HEVC && job.container === 'mp4')
      codecpar.codecTag = 'hvc1';
    const head = plan.head.length > 0 ? this.#addPiece(plan.head) : undefined;
    const tail = plan.tail.length > 0 ? this.#addPiece(plan.tail) : undefined;
    this.#audio =
      audio &&
      addClipAudio(this.#muxer, audio, video.info.video.startNs + this.#firstNs, {
        canHidePreroll: job.container === 'mp4',
      });
    try {
      this.#muxer.start();
    } catch (cause) {
      if (!isVisualError(cause) || cause.code === 'VB_WRITE_FAILED') throw cause;
      throw copyImpossible(job, { codec: video.info.video.codec, cause });
    }
    return [head, tail];
  }

  #addPiece(times: readonly number[]): PieceEncoder {
    const { job, video } = this.#input;
    const source = this.#stream.codecpar.extradata!;
    const layout = h264LayoutOf(source)!;
    const piece = new PieceEncoder(
      {
        ...{ stream: this.#stream, sampleAspectRatio: video.info.video.sampleAspectRatio },
        ...{ crf: job.crf, preset: job.preset, setId: freeSetId(readParameterSets(source))! },
      },
      (packet) => {
        this.#write(Number(packet.pts), packet.isKeyframe, packet.data!);
      },
    );
    this.#pieces.push(piece);
    piece.want(times);
    this.#target!.codecpar.extradata = joinExtradata(source, piece.extradata);
    this.#relay = (bytes) => relayPacket(bytes, layout);
    return piece;
  }

  #writeAll(head: PieceEncoder | undefined, tail: PieceEncoder | undefined): boolean {
    const { plan, span, video } = this.#input;
    const tailFrom = span.packets.findLastIndex(
      ({ isKey, pts }, i) => isKey && i < plan.copyTo && pts! <= (plan.tail[0] ?? -Infinity),
    );
    const lastIndex = tail === undefined ? plan.copyTo : this.#endOfDecoding();
    for (let i = 0; i < lastIndex; i++) {
      if (this.#isStopped) return false;
      const packet = video.next();
      if (packet === undefined || Number(packet.pts) !== span.packets[i]!.pts) {
        throw new NotAsPlanned(`packet ${i} is not the one that was there before`);
      }
      if (i === plan.copyFrom) head?.finish();
      if (head !== undefined && i >= plan.keyIndex && i < plan.copyFrom) head.decode(packet);
      if (tail !== undefined && i >= tailFrom) tail.decode(packet);
      if (i >= plan.copyFrom && i < plan.copyTo && !plan.isLeftOut(Number(packet.pts))) {
        packet.isKeyframe = span.packets[i]!.isKey;
        this.#writeCopy(packet);
      }
    }
    tail?.finish();
    return true;
  }

  /** Behind the last packet that the pictures at the end need. */
  #endOfDecoding(): number {
    const { plan, span } = this.#input;
    return span.packets.findLastIndex(({ pts }) => pts! <= plan.lastPts) + 1;
  }

  #writeCopy(packet: Packet): void {
    const pts = Number(packet.pts);
    this.#stamp(packet, pts);
    this.#muxer.write(packet, this.#target!, this.#stream.timeBase);
    this.#afterWrite(pts);
  }

  #write(pts: number, isKey: boolean, bytes: Buffer): void {
    this.#out.unref();
    this.#out.data = Buffer.from(this.#relay(bytes));
    this.#out.isKeyframe = isKey;
    this.#stamp(this.#out, pts);
    this.#muxer.write(this.#out, this.#target!, this.#stream.timeBase);
    this.#afterWrite(pts);
  }

  #stamp(packet: Packet, pts: number): void {
    const index = this.#writtenCount;
    if (this.#times[index] !== pts) {
      throw new NotAsPlanned(`packet ${index} shows tick ${pts} instead of ${this.#times[index]}`);
    }
    const origin = this.#input.plan.firstPts;
    const dts = this.#decodingTimes[index]!;
    packet.pts = BigInt(pts - origin);
    packet.dts = BigInt(dts - origin);
    packet.duration = BigInt(this.#durations.get(pts)!);
    if (index === this.#times.length - 1 && !this.#muxer.endsWithLastPicture) {
      packet.duration = BigInt(this.#lastDuration(dts));
    }
  }

  #afterWrite(pts: number): void {
    this.#writtenCount += 1;
    const { video } = this.#input;
    const tNs = Math.min(this.#nsOf(pts), this.#endNs);
    if (tNs > this.#firstNs) this.#audio?.writeUntil(video.info.video.startNs + tNs);
  }

  /** The last packet makes up for the difference between times and durations, see `VideoTrack`. */
  #lastDuration(dts: number): number {
    const sorted = this.#times.toSorted((a, b) => a - b);
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    const span = last + this.#durations.get(last)! - first;
    return Math.max(1, span - (dts - this.#decodingTimes[0]!));
  }

  /** How long each picture is shown: until the next. */
  #durationsOf(times: readonly number[]): ReadonlyMap<number, number> {
    const { span, plan } = this.#input;
    const sorted = times.toSorted((a, b) => a - b);
    const { num, den } = this.#stream.timeBase;
    const endTicks = plan.firstPts + Number(nsToTicks(this.#endNs - this.#firstNs, num, den));
    const own = new Map(span.packets.map(({ pts, duration }) => [pts, duration]));
    return new Map(
      sorted.map((pts, i) => {
        const next = pts === plan.lastPts ? endTicks : sorted[i + 1];
        const length = next === undefined ? (own.get(pts) ?? 0) : next - pts;
        return [pts, Math.max(1, length)];
      }),
    );
  }

  #finish(): ClipFacts {
    const { plan, video } = this.#input;
    this.#audio?.finish(video.info.video.startNs + this.#endNs);
    this.#muxer.finish();
    return {
      startNs: this.#firstNs,
      endNs: this.#endNs,
      frameCount: plan.frameCount,
      hasAudio: (this.#audio?.packetCount ?? 0) > 0,
      method: plan.head.length + plan.tail.length > 0 ? 'smart' : 'copy',
    };
  }

  #endOfLast(): number {
    const { job, plan, span, video } = this.#input;
    const { fps } = video.info.video;
    const { num, den } = this.#stream.timeBase;
    const own = span.packets.find(({ pts }) => pts === plan.lastPts)?.duration ?? 0;
    return lastPictureEndNs(
      {
        tNs: this.#nsOf(plan.lastPts),
        frameNs: Math.round(NS_PER_SEC / (fps > 0 ? fps : 25)),
        ownNs: ticksToNs(BigInt(own), num, den),
        streamEndNs: video.streamEndNs,
        nextNs: plan.nextPts === undefined ? undefined : this.#nsOf(plan.nextPts),
      },
      job.endNs,
    );
  }

  /** Media time of a tick. */
  #nsOf(pts: number): number {
    const { num, den } = this.#stream.timeBase;
    return ticksToNs(BigInt(pts) - this.#stream.startTime, num, den);
  }
}
