import { Packet, type Stream } from 'node-av/lib';
import {
  AV_CODEC_ID_H264,
  AV_NOPTS_VALUE,
  AVDISCARD_ALL,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { beginsRefresh, h264LayoutOf, type H264Layout } from '../clip/h264-parameter-sets.ts';
import { NS_PER_SEC, nsToTicks, ticksToNs } from '../time/ns.ts';
import { closeInput, openInput, type OpenedInput } from './open-input.ts';

// Animations whose pictures build on each other, all marked as key frames.
const SEEK_REFUSED = new Set(['gif', 'apng', 'webp']);
/** How far before the wanted time to look for a key frame, one try after the other. */
const STEPS_BACK_SEC = [0, 2, 10, 60];
/** Sound may be stored up to about a second after the pictures that it belongs to. */
const INTERLEAVE_SEC = 1;

/** Reads the packets of the video or audio stream of a file, from any time on. */
export class PacketReader {
  readonly #path: string;
  readonly #which: 'video' | 'audio';
  readonly #packet = new Packet();
  #input: OpenedInput;
  readonly #layout: H264Layout | undefined;
  /** True when the packet was read already, but is still to be handed out. */
  #isPending = false;

  private constructor(path: string, which: 'video' | 'audio', input: OpenedInput) {
    this.#path = path;
    this.#which = which;
    this.#input = input;
    this.#layout = which === 'video' ? layoutOf(input.video) : undefined;
    this.#packet.alloc();
    this.#discardOther();
  }

  /**
   * Opens a file. The caller closes the reader.
   *
   * @throws VisualError as `openInput`; RangeError when the file has no audio but it is asked for.
   */
  static async open(path: string, which: 'video' | 'audio'): Promise<PacketReader> {
    const input = await openInput(path);
    if (which === 'audio' && input.audio === undefined) {
      closeInput(input);
      throw new RangeError(`${path} has no audio stream to read.`);
    }
    return new PacketReader(path, which, input);
  }

  /** What is known of the file. */
  get info(): OpenedInput['info'] {
    return this.#input.info;
  }

  /** The stream that is read. Another object after {@link PacketReader.seek}. */
  get stream(): Stream {
    return this.#which === 'video' ? this.#input.video : this.#input.audio!;
  }

  /** Media time at which the stream ends, by its header; 0 if that does not say. */
  get streamEndNs(): number {
    const { duration, timeBase } = this.stream;
    return duration > 0n ? ticksToNs(duration, timeBase.num, timeBase.den) : 0;
  }

  /**
   * Moves so that everything from `tNs` on can be decoded from the packets that follow: to a key frame
   * at or before `tNs`. Where the container cannot do that, to the start of the file.
   *
   * @param tNs - On the container's clock.
   */
  async seek(tNs: number): Promise<void> {
    const margin = this.#which === 'audio' ? INTERLEAVE_SEC : 0;
    if (!SEEK_REFUSED.has(this.#input.info.video.codec)) {
      for (const stepSec of STEPS_BACK_SEC) {
        const targetNs = tNs - (stepSec + margin) * NS_PER_SEC;
        if (targetNs <= this.#input.info.video.startNs) break;
        if (this.#trySeek(targetNs, tNs)) return;
      }
    }
    // Demuxers that failed to seek may stand anywhere.
    await this.rewind();
  }

  /** Goes back to the start of the file. */
  async rewind(): Promise<void> {
    closeInput(this.#input);
    this.#isPending = false;
    this.#input = await openInput(this.#path);
    this.#discardOther();
  }

  /** The next packet, valid until the next call; undefined at the end of what can be read. */
  next(): Packet | undefined {
    if (this.#isPending) {
      this.#isPending = false;
      return this.#packet;
    }
    const { index } = this.stream;
    do {
      this.#packet.unref();
      if (this.#input.context.readFrameSync(this.#packet) < 0) return undefined;
    } while (this.#packet.streamIndex !== index);
    return this.#packet;
  }

  /** Looks at the next packet without taking it. */
  peek(): Packet | undefined {
    const packet = this.next();
    this.#isPending = packet !== undefined;
    return packet;
  }

  /** Closes the file. */
  close(): void {
    closeInput(this.#input);
    this.#packet.free();
  }

  /** Seeks by the video stream, whose key frames containers index, and looks where that leads. */
  #trySeek(targetNs: number, latestNs: number): boolean {
    const { video, context } = this.#input;
    const { num, den } = video.timeBase;
    const ticks = nsToTicks(targetNs, num, den);
    if (context.seekFrameSync(video.index, ticks, AVSEEK_FLAG_BACKWARD) < 0) return false;
    this.#isPending = false;
    for (;;) {
      const packet = this.next();
      if (packet === undefined) return false;
      const tNs = packetTimeNs(packet, this.stream);
      if (tNs === undefined || tNs > latestNs) return false;
      if (canBeginAt(packet, this.#layout)) {
        this.#isPending = true;
        return true;
      }
    }
  }

  #discardOther(): void {
    const { audio, video } = this.#input;
    const other = this.#which === 'video' ? audio : video;
    if (other !== undefined) other.discard = AVDISCARD_ALL;
  }
}

/** How an H.264 stream stores its packets; undefined for other codecs. */
export function layoutOf({ codecpar }: Stream): H264Layout | undefined {
  return codecpar.codecId === AV_CODEC_ID_H264 ? h264LayoutOf(codecpar.extradata) : undefined;
}

/** Whether decoding can begin with this packet. */
export function canBeginAt(packet: Packet, layout: H264Layout | undefined): boolean {
  if (!packet.isKeyframe) return false;
  if (layout === undefined) return true;
  const { data } = packet;
  return data === null || !beginsRefresh(data, layout);
}

/** A packet's presentation time on the container's clock, its decoding time where that is missing. */
export function packetTimeNs(packet: Packet, stream: Stream): number | undefined {
  const ticks = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
  const { num, den } = stream.timeBase;
  return ticks === AV_NOPTS_VALUE ? undefined : ticksToNs(ticks, num, den);
}
