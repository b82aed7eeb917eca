import type { Frame } from 'node-av/lib';
import {
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import type { Rational } from '../probe/media-info.ts';
import { Encoder } from './encoder.ts';
import type { PacketRecorder } from './packet-recorder.ts';
import { PictureConverter } from './picture-converter.ts';
import { parametersOfEncoder, type TrackParameters } from './track-parameters.ts';

// Keeps an hour of bright pictures apart from its source by no eye, and a core mostly idle.
const OPTIONS = { preset: 'ultrafast', tune: 'zerolatency', crf: '18' };

/** What the pictures have in common. */
export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  /** Unit of their `pts`. */
  readonly timebase: Rational;
  /** 0 if unknown. */
  readonly fps: number;
}

/** Encodes pictures that come uncompressed, so that the past of a raw camera fits into memory. */
export class PictureRecorder {
  readonly #encoder: Encoder;
  readonly #converter: PictureConverter;
  #lastPts: bigint | undefined;

  constructor({ width, height, timebase, fps }: PictureFormat) {
    const rate = Math.max(1, Math.round(fps > 0 ? fps : 25));
    const layout = {
      width: width - (width % 2),
      height: height - (height % 2),
      pixelFormat: AV_PIX_FMT_YUV420P,
      colorRange: AVCOL_RANGE_MPEG,
      colorSpace: AVCOL_SPC_SMPTE170M,
    };
    this.#encoder = Encoder.video({
      ...layout,
      encoder: FF_ENCODER_LIBX264,
      timebase,
      frameRate: { num: rate, den: 1 },
      gop: rate,
      maxBFrames: 0,
      threadCount: 2,
      wantsGlobalHeader: true,
      options: OPTIONS,
    });
    this.#converter = new PictureConverter(layout);
  }

  /** Parameters of what it gives. The caller frees them. */
  parameters(): TrackParameters {
    return parametersOfEncoder(this.#encoder.context);
  }

  /** Encodes a picture whose `pts` is on the media clock into the recording. */
  add(picture: Frame, recorder: PacketRecorder): void {
    if (this.#lastPts !== undefined && picture.pts <= this.#lastPts) return;
    this.#lastPts = picture.pts;
    const converted = this.#converter.convert(picture);
    converted.pictType = AV_PICTURE_TYPE_NONE;
    this.#encoder.encode(converted, (packet) => recorder.add('video', packet, packet.dts));
  }

  /** Frees the native encoder. */
  free(): void {
    this.#encoder.free();
    this.#converter.free();
  }
}
