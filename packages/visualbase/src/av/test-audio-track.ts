import { Frame, type Stream } from 'node-av/lib';
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  FF_ENCODER_AAC,
  FF_ENCODER_FLAC,
  FF_ENCODER_LIBMP3LAME,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBVORBIS,
  FF_ENCODER_PCM_S16LE,
  type AVSampleFormat,
  type FFAudioEncoder,
} from 'node-av/constants';
import { check } from './check.ts';
import { Encoder } from './encoder.ts';
import type { Muxer } from './muxer.ts';

/** Audio codecs that test videos can have. */
export type TestAudioCodec = 'aac' | 'mp3' | 'opus' | 'vorbis' | 'flac' | 'pcm';

/** The audio of a test video. */
export interface TestAudio {
  readonly codec: TestAudioCodec;
  readonly sampleRateHz: number;
  /** Time of the first sample on the container's clock. */
  readonly startSec: number;
  readonly durationSec: number;
  /** The samples from `firstSample` on, -1..1, one channel. */
  readonly render: (firstSample: number, count: number) => Float32Array;
}

const CODECS: Readonly<
  Record<TestAudioCodec, readonly [encoder: FFAudioEncoder, format: AVSampleFormat]>
> = {
  aac: [FF_ENCODER_AAC, AV_SAMPLE_FMT_FLTP],
  mp3: [FF_ENCODER_LIBMP3LAME, AV_SAMPLE_FMT_FLTP],
  opus: [FF_ENCODER_LIBOPUS, AV_SAMPLE_FMT_FLT],
  vorbis: [FF_ENCODER_LIBVORBIS, AV_SAMPLE_FMT_FLTP],
  flac: [FF_ENCODER_FLAC, AV_SAMPLE_FMT_S16],
  pcm: [FF_ENCODER_PCM_S16LE, AV_SAMPLE_FMT_S16],
};

const MONO = 0x4n;
/** Samples at a time for encoders that take any number. */
const FREE_BLOCK = 1024;

/** Encodes the audio of a test video, in step with its pictures. */
export class TestAudioTrack {
  readonly #audio: TestAudio;
  readonly #muxer: Muxer;
  readonly #encoder: Encoder;
  readonly #stream: Stream;
  readonly #frame = new Frame();
  readonly #sampleCount: number;
  readonly #startSample: number;
  #done = 0;

  constructor(audio: TestAudio, muxer: Muxer) {
    this.#audio = audio;
    this.#muxer = muxer;
    this.#sampleCount = Math.round(audio.durationSec * audio.sampleRateHz);
    this.#startSample = Math.round(audio.startSec * audio.sampleRateHz);
    this.#encoder = Encoder.audio({
      encoder: CODECS[audio.codec][0],
      sampleFormat: CODECS[audio.codec][1],
      sampleRateHz: audio.sampleRateHz,
      channelMask: MONO,
      timebase: { num: 1, den: audio.sampleRateHz },
      bitRate: 96_000,
      wantsGlobalHeader: muxer.wantsGlobalHeader,
    });
    this.#stream = muxer.addEncoder(this.#encoder.context);
    this.#frame.alloc();
  }

  /** Writes the samples up to `timeSec` on the container's clock. */
  writeUntil(timeSec: number): void {
    const block = this.#encoder.frameSize || FREE_BLOCK;
    const until = timeSec * this.#audio.sampleRateHz - this.#startSample;
    while (this.#done < Math.min(until, this.#sampleCount)) this.#encode(block);
  }

  /** Writes the rest. */
  finish(): void {
    this.writeUntil(Infinity);
    this.#flush(null);
  }

  /** Frees the native encoder. */
  free(): void {
    this.#encoder.free();
    this.#frame.free();
  }

  #encode(block: number): void {
    const count = Math.min(block, this.#sampleCount - this.#done);
    const samples = this.#audio.render(this.#done, count);
    const format = CODECS[this.#audio.codec][1];
    const bytes =
      format === AV_SAMPLE_FMT_S16
        ? Int16Array.from(samples, (v) => Math.round(v * 32767))
        : samples;
    const frame = this.#frame;
    frame.unref();
    frame.nbSamples = count;
    frame.format = format;
    frame.sampleRate = this.#audio.sampleRateHz;
    frame.channelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: MONO };
    check(frame.getBuffer(), 'av_frame_get_buffer');
    check(frame.fromBuffer(Buffer.from(bytes.buffer)), 'av_frame_copy');
    frame.pts = BigInt(this.#startSample + this.#done);
    this.#done += count;
    this.#flush(frame);
  }

  #flush(frame: Frame | null): void {
    const timebase = { num: 1, den: this.#audio.sampleRateHz };
    this.#encoder.encode(frame, (packet) => this.#muxer.write(packet, this.#stream, timebase));
  }
}
