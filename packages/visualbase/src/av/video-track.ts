import { Packet, type Frame, type Stream } from 'node-av/lib';
import { check } from './check.ts';
import { Encoder, type VideoEncoderSettings } from './encoder.ts';
import type { Muxer } from './muxer.ts';

/** An encoded video stream of a file that is being written. */
export class VideoTrack {
  readonly #muxer: Muxer;
  readonly #encoder: Encoder;
  readonly #timebase: VideoEncoderSettings['timebase'];
  readonly #held = new Packet();
  #hasHeld = false;
  #firstDts = 0n;

  /** The muxer's stream; side data and the like are set before the header is written. */
  readonly stream: Stream;

  /** @throws VisualError `VB_UNSUPPORTED_CODEC`, or `VB_FFMPEG` when the encoder refuses the settings. */
  constructor(muxer: Muxer, settings: Omit<VideoEncoderSettings, 'wantsGlobalHeader'>) {
    this.#muxer = muxer;
    this.#timebase = settings.timebase;
    this.#encoder = Encoder.video({ ...settings, wantsGlobalHeader: muxer.wantsGlobalHeader });
    this.stream = muxer.addEncoder(this.#encoder.context);
    this.#held.alloc();
  }

  /** Encodes one picture with `pts` and `duration` in the timebase. */
  encode(picture: Frame): void {
    this.#encoder.encode(picture, (packet) => this.#push(packet));
  }

  /**
   * Writes what the encoder still holds.
   *
   * @param durationTicks - From the first picture to the end of the last. Where the container takes
   * the sum of the packets' durations for that, the last packet makes up the difference.
   */
  finish(durationTicks: bigint): void {
    this.#encoder.encode(null, (packet) => this.#push(packet));
    if (!this.#hasHeld) return;
    const rest = durationTicks - (this.#held.dts - this.#firstDts);
    if (rest > 0n && !this.#muxer.endsWithLastPicture) this.#held.duration = rest;
    this.#writeHeld();
  }

  /** Frees the native encoder. */
  free(): void {
    this.#encoder.free();
    this.#held.free();
  }

  #push(packet: Packet): void {
    if (this.#hasHeld) this.#writeHeld();
    else this.#firstDts = packet.dts;
    check(this.#held.ref(packet), 'av_packet_ref');
    this.#hasHeld = true;
  }

  #writeHeld(): void {
    this.#muxer.write(this.#held, this.stream, this.#timebase);
  }
}
