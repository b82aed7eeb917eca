import type { Frame, Packet, Stream } from 'node-av/lib';
import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  AV_NOPTS_VALUE,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
  type AVCodecID,
} from 'node-av/constants';
import { NS_PER_SEC, nsToTicks, ticksToNs } from '../time/ns.ts';
import { AudioDecoder } from './audio-decoder.ts';
import { Encoder } from './encoder.ts';
import type { Muxer } from './muxer.ts';
import { packetTimeNs, type PacketReader } from './packet-reader.ts';

/** The soundtrack of a clip, written in step with its pictures. */
export interface ClipAudio {
  /** Packets written so far. */
  readonly packetCount: number;
  /** Writes the sound up to a time on the source's clock. */
  writeUntil(tNs: number): void;
  /** Writes the rest, not beyond a time on the source's clock. */
  finish(endNs: number): void;
  /** Frees what is native. The reader stays open. */
  free(): void;
}

/**
 * What MP4 players take as it is, with the number of packets before the first audible one that a
 * decoder needs for clean samples: AAC blocks overlap, MP3 borrows bits from earlier packets, and
 * Opus converges within 80 ms (RFC 7845, section 4.6).
 */
const PREROLL_PACKETS: ReadonlyMap<AVCodecID, number> = new Map([
  [AV_CODEC_ID_AAC, 1],
  [AV_CODEC_ID_MP3, 3],
  [AV_CODEC_ID_OPUS, 4],
]);
/** Longer packets would make the sound end audibly late where a player shows whole packets only. */
const LONGEST_COPIED_NS = 27_000_000;

/** What the container of a clip can do for its sound. */
export interface ClipAudioOptions {
  /** Whether sound before the first picture is hidden; else packets that begin earlier are left out. */
  readonly canHidePreroll: boolean;
}

/**
 * Adds the sound of `reader`, from `originNs` on, to a file: packets as they are where MP4 takes them,
 * else encoded as AAC.
 *
 * @param reader - Already moved to or before `originNs`.
 * @param originNs - Time of the clip's first picture on the source's clock.
 */
export function addClipAudio(
  muxer: Muxer,
  reader: PacketReader,
  originNs: number,
  { canHidePreroll }: ClipAudioOptions,
): ClipAudio {
  const prerollCount = PREROLL_PACKETS.get(reader.stream.codecpar.codecId);
  const first = reader.peek();
  const packetNs = first === undefined ? 0 : durationNs(first, reader.stream);
  return prerollCount !== undefined && packetNs > 0 && packetNs <= LONGEST_COPIED_NS
    ? new CopiedAudio(muxer, reader, originNs, canHidePreroll ? prerollCount : undefined)
    : new EncodedAudio(muxer, reader, originNs);
}

/** How long a packet lasts; 0 if neither the packet nor the codec says. */
function durationNs(packet: Packet, stream: Stream): number {
  const { num, den } = stream.timeBase;
  if (packet.duration > 0n) return ticksToNs(packet.duration, num, den);
  const { frameSize, sampleRate } = stream.codecpar;
  return sampleRate > 0 ? Math.round((frameSize * NS_PER_SEC) / sampleRate) : 0;
}

/** Takes packets over. MP4's edit list hides what lies before the first picture; else nothing may. */
class CopiedAudio implements ClipAudio {
  readonly #muxer: Muxer;
  readonly #reader: PacketReader;
  readonly #source: Stream;
  readonly #target: Stream;
  readonly #originNs: number;
  readonly #originTicks: bigint;
  readonly #prerollCount: number | undefined;
  /** Packets that were read: the pre-roll, then those that may reach beyond the end of the clip. */
  readonly #held: Packet[] = [];
  #isAtEnd = false;
  packetCount = 0;

  constructor(
    muxer: Muxer,
    reader: PacketReader,
    originNs: number,
    prerollCount: number | undefined,
  ) {
    this.#muxer = muxer;
    this.#reader = reader;
    this.#source = reader.stream;
    this.#target = muxer.addCopy(reader.stream);
    // The samples that the encoder put in front of the source are not in front of the clip. Matroska
    // would announce them; the header of Opus does in any case.
    const { codecpar } = this.#target;
    if (prerollCount === undefined && codecpar.codecId !== AV_CODEC_ID_OPUS) {
      codecpar.initialPadding = 0;
    }
    this.#originNs = originNs;
    this.#prerollCount = prerollCount;
    const { num, den } = this.#source.timeBase;
    this.#originTicks = nsToTicks(originNs, num, den);
  }

  writeUntil(tNs: number): void {
    while (!this.#isAtEnd && this.#endNs(this.#held.at(-1)) <= tNs) this.#readNext();
    if (!this.#hasSound) return;
    while (this.#held.length > 0 && this.#endNs(this.#held[0]) <= tNs) {
      this.#write(this.#held.shift()!);
    }
  }

  finish(endNs: number): void {
    this.writeUntil(endNs);
    const last = this.#hasSound ? this.#held[0] : undefined;
    const startNs = last && packetTimeNs(last, this.#source);
    if (last === undefined || startNs === undefined || startNs >= endNs) return;
    const { num, den } = this.#source.timeBase;
    last.duration = nsToTicks(endNs - startNs, num, den);
    this.#held.shift();
    this.#write(last);
  }

  free(): void {
    for (const packet of this.#held.splice(0)) packet.free();
  }

  /** False while nothing but pre-roll was read. */
  get #hasSound(): boolean {
    return this.#endNs(this.#held.at(-1)) > this.#originNs;
  }

  #readNext(): void {
    const packet = this.#reader.next();
    if (packet === undefined) {
      this.#isAtEnd = true;
      return;
    }
    const tNs = packetTimeNs(packet, this.#source);
    if (tNs === undefined) return;
    if (this.#prerollCount === undefined && tNs < this.#originNs) return;
    const copy = packet.clone();
    if (copy === null) return;
    this.#held.push(copy);
    if (this.#endNs(copy) > this.#originNs) return;
    while (this.#held.length > (this.#prerollCount ?? 0)) this.#held.shift()!.free();
  }

  #write(packet: Packet): void {
    const pts = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    packet.pts = pts - this.#originTicks;
    packet.dts = packet.pts;
    try {
      this.#muxer.write(packet, this.#target, this.#source.timeBase);
    } finally {
      packet.free();
    }
    this.packetCount += 1;
  }

  #endNs(packet: Packet | undefined): number {
    const tNs = packet && packetTimeNs(packet, this.#source);
    return tNs === undefined ? -Infinity : tNs + durationNs(packet!, this.#source);
  }
}

const MONO = 0x4n;
const STEREO = 0x3n;
/** Bits a second of one AAC channel; transparent for most material. */
const BITS_PER_CHANNEL = 80_000;
// What the AAC encoder takes; other rates go to the nearest.
const AAC_RATES_HZ = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000];

/** Decodes the sound and encodes it again, cut to the sample. */
class EncodedAudio implements ClipAudio {
  readonly #muxer: Muxer;
  readonly #reader: PacketReader;
  readonly #source: Stream;
  readonly #target: Stream;
  readonly #originNs: number;
  readonly #rateHz: number;
  readonly #encoder: Encoder;
  readonly #decoder: AudioDecoder;
  /** Decoded blocks that are not yet known to end before the clip does. */
  readonly #blocks: Frame[] = [];
  #nextNs = -Infinity;
  #isAtEnd = false;
  packetCount = 0;

  constructor(muxer: Muxer, reader: PacketReader, originNs: number) {
    this.#muxer = muxer;
    this.#reader = reader;
    this.#source = reader.stream;
    this.#originNs = originNs;
    const { sampleRate, channelLayout } = this.#source.codecpar;
    const isMono = channelLayout.nbChannels === 1;
    this.#rateHz = nearestRate(sampleRate);
    this.#encoder = Encoder.audio({
      encoder: FF_ENCODER_AAC,
      sampleFormat: AV_SAMPLE_FMT_FLTP,
      sampleRateHz: this.#rateHz,
      channelMask: isMono ? MONO : STEREO,
      timebase: { num: 1, den: this.#rateHz },
      bitRate: BITS_PER_CHANNEL * (isMono ? 1 : 2),
      wantsGlobalHeader: muxer.wantsGlobalHeader,
    });
    this.#target = muxer.addEncoder(this.#encoder.context);
    const { num, den } = this.#source.timeBase;
    this.#decoder = new AudioDecoder(this.#source, {
      originTicks: nsToTicks(originNs, num, den),
      filters: [
        // Cuts or pads at the start, and fills gaps, so that sample 0 belongs to the first picture.
        ['aresample', `${this.#rateHz}:async=1:first_pts=0`],
        [
          'aformat',
          `sample_fmts=fltp:channel_layouts=${isMono ? 'mono' : 'stereo'}:sample_rates=${this.#rateHz}`,
        ],
        ['asetnsamples', `nb_out_samples=${this.#encoder.frameSize}:pad=0`],
      ],
      onSamples: (frame) => {
        const block = frame.clone();
        if (block !== null) this.#blocks.push(block);
      },
    });
  }

  writeUntil(tNs: number): void {
    while (!this.#isAtEnd && this.#nextNs < tNs) {
      const packet = this.#reader.peek();
      const packetNs = packet && packetTimeNs(packet, this.#source);
      // The gap before it would be filled with silence at once, however long a damaged file says it is.
      if (packetNs !== undefined && packetNs > tNs + MAX_AHEAD_NS) break;
      this.#reader.next();
      if (packet === undefined) {
        this.#isAtEnd = true;
        this.#decoder.decode(null);
      } else if (packetNs !== undefined && packetNs >= this.#originNs - PREROLL_NS) {
        this.#decoder.decode(packet);
      }
      this.#nextNs = packetNs ?? this.#nextNs;
    }
    const until = this.#samplesAt(tNs);
    while (this.#blocks.length > 0 && endOf(this.#blocks[0]!) <= until) {
      this.#encode(this.#blocks.shift()!);
    }
  }

  finish(endNs: number): void {
    this.writeUntil(endNs);
    if (!this.#isAtEnd) this.#decoder.decode(null);
    const until = this.#samplesAt(endNs);
    for (const block of this.#blocks.splice(0)) {
      const room = Number(until - block.pts);
      if (room > 0) {
        block.nbSamples = Math.min(block.nbSamples, room);
        this.#encode(block);
      } else {
        block.free();
      }
    }
    this.#encoder.encode(null, (packet) => this.#write(packet));
  }

  free(): void {
    for (const block of this.#blocks) block.free();
    this.#decoder.free();
    this.#encoder.free();
  }

  #encode(block: Frame): void {
    try {
      this.#encoder.encode(block, (packet) => this.#write(packet));
    } finally {
      block.free();
    }
  }

  #write(packet: Packet): void {
    this.#muxer.write(packet, this.#target, { num: 1, den: this.#rateHz });
    this.packetCount += 1;
  }

  #samplesAt(tNs: number): bigint {
    return nsToTicks(tNs - this.#originNs, 1, this.#rateHz);
  }
}

/** Sound that is this much later than the picture waits for its time, which may not come in this clip. */
const MAX_AHEAD_NS = 10_000_000_000;
/** Decoders need a little of what came before to give clean samples. */
const PREROLL_NS = 200_000_000;

const endOf = (block: Frame): bigint => block.pts + BigInt(block.nbSamples);

function nearestRate(rateHz: number): number {
  return AAC_RATES_HZ.reduce((best, rate) =>
    Math.abs(rate - rateHz) < Math.abs(best - rateHz) ? rate : best,
  );
}
