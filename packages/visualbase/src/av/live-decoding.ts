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
    this.#decoder = new VideoDecoder(video, undefined, 'low');
  }

  /** Parameters of what is kept, where that is not what comes. The caller frees them. */
  get recordedParameters(): TrackParameters | undefined {
    return this.#pictures?.parameters();
  }

  /** Packets and pictures that were damaged. */
  get damageCount(): number {
    return this.#decoder.damageCount;
  }

  /**
   * Keeps and decodes a packet whose times are on the media clock, and gives the pictures that come of it;
   * each is reused when the next one is asked for.
   *
   * @param packet - Null at the end, for the pictures that the decoder still holds.
   */
  *pictures(packet: Packet | null): Generator<Frame, void, undefined> {
    if (this.#pictures === undefined && packet !== null) {
      this.#recorder?.add('video', packet, packet.dts);
    }
    for (const picture of this.#decoder.pictures(packet)) {
      if (this.#pictures !== undefined) this.#pictures.add(picture, this.#recorder!);
      yield picture;
    }
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
