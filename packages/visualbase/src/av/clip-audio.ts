import { Frame, Packet, type Stream } from 'node-av/lib';
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
import { check } from './check.ts';
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

// What MP4 players take. Longer packets would make the sound start or end audibly off.
const COPIED_CODECS: ReadonlySet<AVCodecID> = new Set([
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
]);
const LONGEST_COPIED_NS = 27_000_000;

/**
 * Adds the sound of `reader`, from `originNs` on, to a file: packets as they are where MP4 takes them,
 * else encoded as AAC.
 *
 * @param reader - Already moved to or before `originNs`.
 * @param originNs - Time of the clip's first picture on the source's clock.
 */
export function addClipAudio(muxer: Muxer, reader: PacketReader, originNs: number): ClipAudio {
  const { stream } = reader;
  const { codecId, frameSize, sampleRate } = stream.codecpar;
  const packetNs = sampleRate > 0 ? (frameSize * NS_PER_SEC) / sampleRate : 0;
  const isCopied = COPIED_CODECS.has(codecId) && packetNs > 0 && packetNs <= LONGEST_COPIED_NS;
  return isCopied
    ? new CopiedAudio(muxer, reader, originNs)
    : new EncodedAudio(muxer, reader, originNs);
}

/** Takes packets over. The first one covers the start; MP4's edit list hides what lies before it. */
class CopiedAudio implements ClipAudio {
  readonly #muxer: Muxer;
  readonly #reader: PacketReader;
  readonly #source: Stream;
  readonly #target: Stream;
  readonly #originNs: number;
  readonly #originTicks: bigint;
  /** The last packet that was read, kept until it is known whether the clip ends inside it. */
  readonly #held = new Packet();
  #heldNs: number | undefined;
  #isAtEnd = false;
  packetCount = 0;

  constructor(muxer: Muxer, reader: PacketReader, originNs: number) {
    this.#muxer = muxer;
    this.#reader = reader;
    this.#source = reader.stream;
    this.#target = muxer.addCopy(reader.stream);
    this.#originNs = originNs;
    const { num, den } = this.#source.timeBase;
    this.#originTicks = nsToTicks(originNs, num, den);
    this.#held.alloc();
  }

  writeUntil(tNs: number): void {
    for (;;) {
      if (this.#heldNs === undefined && !this.#readNext()) return;
      const endNs = this.#heldNs! + this.#durationNs(this.#held);
      if (endNs > tNs) return;
      this.#writeHeld();
    }
  }

  finish(endNs: number): void {
    this.writeUntil(endNs);
    if (this.#heldNs === undefined || this.#heldNs >= endNs) return;
    const { num, den } = this.#source.timeBase;
    this.#held.duration = nsToTicks(endNs - this.#heldNs, num, den);
    this.#writeHeld();
  }

  free(): void {
    this.#held.free();
  }

  /** Holds the next packet that reaches beyond the start. */
  #readNext(): boolean {
    while (!this.#isAtEnd) {
      const packet = this.#reader.next();
      if (packet === undefined) break;
      const tNs = packetTimeNs(packet, this.#source);
      if (tNs === undefined || tNs + this.#durationNs(packet) <= this.#originNs) continue;
      check(this.#held.ref(packet), 'av_packet_ref');
      this.#heldNs = tNs;
      return true;
    }
    this.#isAtEnd = true;
    return false;
  }

  #writeHeld(): void {
    const held = this.#held;
    const pts = held.pts === AV_NOPTS_VALUE ? held.dts : held.pts;
    held.pts = pts - this.#originTicks;
    held.dts = held.pts;
    this.#muxer.write(held, this.#target, this.#source.timeBase);
    this.#heldNs = undefined;
    this.packetCount += 1;
  }

  #durationNs(packet: Packet): number {
    const { num, den } = this.#source.timeBase;
    if (packet.duration > 0n) return ticksToNs(packet.duration, num, den);
    const { frameSize, sampleRate } = this.#source.codecpar;
    return Math.round((frameSize * NS_PER_SEC) / sampleRate);
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
    const { sampleRate, channels } = this.#source.codecpar;
    this.#rateHz = nearestRate(sampleRate);
    this.#encoder = Encoder.audio({
      encoder: FF_ENCODER_AAC,
      sampleFormat: AV_SAMPLE_FMT_FLTP,
      sampleRateHz: this.#rateHz,
      channelMask: channels === 1 ? MONO : STEREO,
      timebase: { num: 1, den: this.#rateHz },
      bitRate: BITS_PER_CHANNEL * (channels === 1 ? 1 : 2),
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
          `sample_fmts=fltp:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}:sample_rates=${this.#rateHz}`,
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
      const packet = this.#reader.next();
      const packetNs = packet && packetTimeNs(packet, this.#source);
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

/** Decoders need a little of what came before to give clean samples. */
const PREROLL_NS = 200_000_000;

const endOf = (block: Frame): bigint => block.pts + BigInt(block.nbSamples);

function nearestRate(rateHz: number): number {
  return AAC_RATES_HZ.reduce((best, rate) =>
    Math.abs(rate - rateHz) < Math.abs(best - rateHz) ? rate : best,
  );
}
