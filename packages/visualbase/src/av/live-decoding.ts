import type { Frame, Packet } from 'node-av/lib';
import type { Rational } from '../probe/media-info.ts';
import type { LiveConnection } from './live-connection.ts';
import type { PacketRecorder } from './packet-recorder.ts';
import { PictureRecorder } from './picture-recorder.ts';
import { RgbScaler } from './rgb-scaler.ts';
import { Rotator } from './rotator.ts';
import type { TrackParameters } from './track-parameters.ts';
import { VideoDecoder } from './video-decoder.ts';

/** Codecs that are none: pictures as they are, too large to be kept. */
const RAW_CODECS = new Set(['rawvideo', 'wrapped_avframe']);

/** Decodes and keeps the pictures of one connection. */
export class LiveDecoding {
  readonly timebase: Rational;
  /** Whether the pictures come as they are, each by itself. */
  readonly isRaw: boolean;
  readonly #decoder: VideoDecoder;
  readonly #rotator: Rotator;
  readonly #scaler: RgbScaler;
  readonly #recorder: PacketRecorder | undefined;
  readonly #pictures: PictureRecorder | undefined;

  constructor(
    { video, info }: LiveConnection,
    size: { readonly width: number; readonly height: number },
    recorder: PacketRecorder | undefined,
    onPicture: (picture: Frame, decoding: LiveDecoding) => void,
  ) {
    this.timebase = { num: video.timeBase.num, den: video.timeBase.den };
    this.#recorder = recorder;
    this.isRaw = RAW_CODECS.has(info.video.codec);
    this.#pictures =
      recorder !== undefined && this.isRaw
        ? new PictureRecorder({
            width: video.codecpar.width,
            height: video.codecpar.height,
            timebase: this.timebase,
            fps: info.video.fps,
          })
        : undefined;
    this.#rotator = new Rotator(info.video.rotationDeg);
    this.#scaler = new RgbScaler(size.width, size.height);
    const handOut = (picture: Frame): void => {
      if (this.#pictures !== undefined) this.#pictures.add(picture, recorder!);
      onPicture(picture, this);
    };
    this.#decoder = new VideoDecoder(video, handOut, 'low');
  }

  /** Parameters of what is kept, where that is not what comes. The caller frees them. */
  get recordedParameters(): TrackParameters | undefined {
    return this.#pictures?.parameters();
  }

  /** Packets and pictures that were damaged. */
  get damageCount(): number {
    return this.#decoder.damageCount;
  }

  /** Keeps and decodes a packet whose times are on the media clock. */
  decode(packet: Packet): void {
    if (this.#pictures === undefined) this.#recorder?.add('video', packet, packet.dts);
    this.#decoder.decode(packet);
  }

  /** Gives the pictures that the decoder still holds. */
  flush(): void {
    this.#decoder.flush();
  }

  /** Writes a picture as RGB of the wanted size. */
  convert(picture: Frame, target: Buffer): void {
    this.#scaler.convert(this.#rotator.turn(picture), target);
  }

  /** Frees everything native. */
  free(): void {
    this.#decoder.free();
    this.#pictures?.free();
    this.#rotator.free();
    this.#scaler.free();
  }
}
