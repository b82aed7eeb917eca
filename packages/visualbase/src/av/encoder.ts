import { Codec, CodecContext, Log, Packet, Rational, type Frame } from 'node-av/lib';
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_QUIET,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  type AVColorPrimaries,
  type AVColorRange,
  type AVColorSpace,
  type AVColorTransferCharacteristic,
  type AVPixelFormat,
  type AVSampleFormat,
  type FFEncoderCodec,
} from 'node-av/constants';
import { VisualError } from '../errors/visual-error.ts';
import type { Rational as Fraction } from '../probe/media-info.ts';
import { check } from './check.ts';

// Encoders would write their statistics to stderr.
Log.setLevel(AV_LOG_QUIET);

/** What every encoder needs to know. */
interface EncoderSettings {
  /** FFmpeg's name of the encoder, such as `libx264`. */
  readonly encoder: FFEncoderCodec;
  /** Unit of the times of pictures, samples and packets. */
  readonly timebase: Fraction;
  /** From the muxer, see `Muxer.wantsGlobalHeader`. */
  readonly wantsGlobalHeader: boolean;
  /** Threads of the encoder; by default it decides. */
  readonly threadCount?: number;
  readonly bitRate?: number;
  /** Private options, such as `{ crf: '20' }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Settings of {@link Encoder.video}. */
export interface VideoEncoderSettings extends EncoderSettings {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: AVPixelFormat;
  /** Pictures per second; a hint for rate control, the times of the pictures count. */
  readonly frameRate?: Fraction;
  readonly sampleAspectRatio?: Fraction;
  readonly colorRange?: AVColorRange;
  readonly colorSpace?: AVColorSpace;
  readonly colorPrimaries?: AVColorPrimaries;
  readonly colorTransfer?: AVColorTransferCharacteristic;
  /** Pictures from one key frame to the next, at most. */
  readonly gop?: number;
  readonly maxBFrames?: number;
}

/** Settings of {@link Encoder.audio}. */
export interface AudioEncoderSettings extends EncoderSettings {
  readonly sampleRateHz: number;
  readonly sampleFormat: AVSampleFormat;
  /** Channels, as a mask of speaker positions (FFmpeg's `AV_CH_*`): 0x4 mono, 0x3 stereo. */
  readonly channelMask: bigint;
}

/** Encodes one stream; every packet that a picture or block of samples yields is handed out at once. */
export class Encoder {
  readonly #context: CodecContext;
  readonly #packet = new Packet();

  private constructor(context: CodecContext) {
    this.#context = context;
    this.#packet.alloc();
  }

  /**
   * Opens a video encoder.
   *
   * @throws VisualError `VB_UNSUPPORTED_CODEC`, or `VB_FFMPEG` when it refuses the settings.
   */
  static video(settings: VideoEncoderSettings): Encoder {
    return Encoder.#open(settings, (context) => {
      context.width = settings.width;
      context.height = settings.height;
      context.pixelFormat = settings.pixelFormat;
      // Without this packets get no durations, and the last picture of an MP4 file is lost.
      context.setFlags(AV_CODEC_FLAG_FRAME_DURATION);
      if (settings.frameRate) context.framerate = rational(settings.frameRate);
      if (settings.sampleAspectRatio) {
        context.sampleAspectRatio = rational(settings.sampleAspectRatio);
      }
      if (settings.colorRange !== undefined) context.colorRange = settings.colorRange;
      if (settings.colorSpace !== undefined) context.colorSpace = settings.colorSpace;
      if (settings.colorPrimaries !== undefined) context.colorPrimaries = settings.colorPrimaries;
      if (settings.colorTransfer !== undefined) context.colorTrc = settings.colorTransfer;
      if (settings.gop !== undefined) context.gopSize = settings.gop;
      if (settings.maxBFrames !== undefined) context.maxBFrames = settings.maxBFrames;
    });
  }

  /**
   * Opens an audio encoder.
   *
   * @throws VisualError `VB_UNSUPPORTED_CODEC`, or `VB_FFMPEG` when it refuses the settings.
   */
  static audio(settings: AudioEncoderSettings): Encoder {
    return Encoder.#open(settings, (context) => {
      context.sampleRate = settings.sampleRateHz;
      context.sampleFormat = settings.sampleFormat;
      context.channelLayout = {
        nbChannels: countBits(settings.channelMask),
        order: AV_CHANNEL_ORDER_NATIVE,
        mask: settings.channelMask,
      };
    });
  }

  static #open(settings: EncoderSettings, configure: (context: CodecContext) => void): Encoder {
    const codec = Codec.findEncoderByName(settings.encoder);
    if (codec === null) {
      throw new VisualError(
        'VB_UNSUPPORTED_CODEC',
        `This build of FFmpeg has no encoder "${settings.encoder}".`,
        { details: { encoder: settings.encoder } },
      );
    }
    const context = new CodecContext();
    context.allocContext3(codec);
    try {
      context.timeBase = rational(settings.timebase);
      if (settings.bitRate !== undefined) context.bitRate = BigInt(settings.bitRate);
      if (settings.threadCount !== undefined) context.threadCount = settings.threadCount;
      if (settings.wantsGlobalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
      configure(context);
      for (const [name, value] of Object.entries(settings.options ?? {})) {
        check(context.setOption(name, value), `option "${name}" of ${settings.encoder}`);
      }
      // Options go by setOption: open2Sync with a Dictionary is freed twice by the binding.
      check(context.open2Sync(codec, null), `avcodec_open2 (${settings.encoder})`);
    } catch (error) {
      context.freeContext();
      throw error;
    }
    return new Encoder(context);
  }

  /** The open native encoder, for the muxer. */
  get context(): CodecContext {
    return this.#context;
  }

  /** Samples that an audio encoder takes at a time; 0 if any number. */
  get frameSize(): number {
    return this.#context.frameSize;
  }

  /**
   * Encodes one picture or block of samples; `null` gives what is still held at the end of the stream.
   *
   * @param onPacket - Gets each packet; the packet is reused after the call.
   */
  encode(frame: Frame | null, onPacket: (packet: Packet) => void): void {
    check(this.#context.sendFrameSync(frame), 'avcodec_send_frame');
    for (;;) {
      const received = this.#context.receivePacketSync(this.#packet);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return;
      check(received, 'avcodec_receive_packet');
      onPacket(this.#packet);
      this.#packet.unref();
    }
  }

  /** Frees the native encoder. */
  free(): void {
    this.#context.freeContext();
    this.#packet.free();
  }
}

const rational = ({ num, den }: Fraction): Rational => new Rational(num, den);

function countBits(mask: bigint): number {
  let count = 0;
  for (let rest = mask; rest > 0n; rest >>= 1n) count += Number(rest & 1n);
  return count;
}
