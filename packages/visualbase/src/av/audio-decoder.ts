import {
  avGetSampleFmtName,
  Codec,
  CodecContext,
  Frame,
  type Packet,
  type Stream,
} from 'node-av/lib';
import {
  AV_NOPTS_VALUE,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  type AVSampleFormat,
} from 'node-av/constants';
import { VisualError } from '../errors/visual-error.ts';
import { check } from './check.ts';
import { buildFilterChain, type FilterChain, type FilterStep } from './filter-chain.ts';

/** Settings of {@link AudioDecoder}. */
export interface AudioDecoderSettings {
  /** Taken off the time of every sample, in the stream's ticks. */
  readonly originTicks: bigint;
  /** What the samples go through; the last step decides their format. */
  readonly filters: readonly FilterStep[];
  /** Gets the filtered samples in order; the frame is reused after the call. */
  readonly onSamples: (frame: Frame) => void;
}

/** Decodes an audio stream and passes the samples through filters. */
export class AudioDecoder {
  readonly #stream: Stream;
  readonly #settings: AudioDecoderSettings;
  readonly #context = new CodecContext();
  readonly #decoded = new Frame();
  readonly #filtered = new Frame();
  #chain: FilterChain | undefined;

  /** @throws VisualError `VB_UNSUPPORTED_CODEC`. */
  constructor(stream: Stream, settings: AudioDecoderSettings) {
    this.#stream = stream;
    this.#settings = settings;
    const codec = Codec.findDecoder(stream.codecpar.codecId);
    if (codec === null) {
      throw new VisualError(
        'VB_UNSUPPORTED_CODEC',
        `There is no decoder for this file's audio (codec id ${stream.codecpar.codecId}). Leave the audio out, or convert the file.`,
        { details: { codecId: stream.codecpar.codecId } },
      );
    }
    this.#decoded.alloc();
    this.#filtered.alloc();
    this.#context.allocContext3(codec);
    try {
      check(this.#context.parametersToContext(stream.codecpar), 'avcodec_parameters_to_context');
      this.#context.pktTimebase = stream.timeBase;
      this.#context.threadCount = 1;
      check(this.#context.open2Sync(codec, null), 'avcodec_open2');
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** Decodes one packet; `null` gives what is still held at the end. Damaged packets are left out. */
  decode(packet: Packet | null): void {
    this.#context.sendPacketSync(packet);
    for (;;) {
      const received = this.#context.receiveFrameSync(this.#decoded);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF || received < 0) break;
      if (this.#decoded.pts !== AV_NOPTS_VALUE) {
        this.#decoded.pts -= this.#settings.originTicks;
        this.#filter(this.#decoded);
      }
      this.#decoded.unref();
    }
    if (packet === null) this.#filter(null);
  }

  /** Frees the native decoder and filters. */
  free(): void {
    this.#chain?.graph.free();
    this.#context.freeContext();
    this.#decoded.free();
    this.#filtered.free();
  }

  #filter(frame: Frame | null): void {
    if (frame !== null) this.#chain ??= this.#buildChain(frame);
    const chain = this.#chain;
    if (chain === undefined) return;
    // Frames of another layout than the first, which damaged streams contain, are refused and left out.
    if (chain.source.buffersrcAddFrameSync(frame) < 0) return;
    while (chain.sink.buffersinkGetFrameSync(this.#filtered) >= 0) {
      this.#settings.onSamples(this.#filtered);
      this.#filtered.unref();
    }
  }

  #buildChain(frame: Frame): FilterChain {
    const { num, den } = this.#stream.timeBase;
    const { nbChannels, mask } = frame.channelLayout;
    const format = avGetSampleFmtName(frame.format as AVSampleFormat) ?? String(frame.format);
    const layout = mask > 0n ? `0x${mask.toString(16)}` : `${nbChannels}c`;
    return buildFilterChain([
      [
        'abuffer',
        `time_base=${num}/${den}:sample_rate=${frame.sampleRate}:sample_fmt=${format}:channel_layout=${layout}`,
      ],
      ...this.#settings.filters,
      ['abuffersink'],
    ]);
  }
}
