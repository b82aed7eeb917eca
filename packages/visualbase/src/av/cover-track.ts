import { Frame, Packet, type Stream } from 'node-av/lib';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_MJPEG,
} from 'node-av/constants';
import { check } from './check.ts';
import { Encoder } from './encoder.ts';
import type { Muxer } from './muxer.ts';

const TIMEBASE = { num: 1, den: 25 };
const SIZE_PX = 64;

/** The still picture that goes with a test video: grey, larger or smaller than the video. */
export class CoverTrack {
  readonly #muxer: Muxer;
  readonly #encoder: Encoder;
  readonly #stream: Stream;

  constructor(muxer: Muxer) {
    this.#muxer = muxer;
    this.#encoder = Encoder.video({
      encoder: FF_ENCODER_MJPEG,
      timebase: TIMEBASE,
      width: SIZE_PX,
      height: SIZE_PX,
      pixelFormat: AV_PIX_FMT_YUVJ420P,
      colorRange: AVCOL_RANGE_JPEG,
      wantsGlobalHeader: muxer.wantsGlobalHeader,
    });
    this.#stream = muxer.addEncoder(this.#encoder.context);
    this.#stream.disposition = AV_DISPOSITION_ATTACHED_PIC;
  }

  /** Writes the picture, once the muxer has been started. */
  write(): void {
    const frame = new Frame();
    const held = new Packet();
    const write = (packet: Packet): void => {
      check(held.ref(packet), 'av_packet_ref');
      this.#muxer.write(held, this.#stream, TIMEBASE);
    };
    frame.alloc();
    held.alloc();
    try {
      frame.width = SIZE_PX;
      frame.height = SIZE_PX;
      frame.format = AV_PIX_FMT_YUVJ420P;
      check(frame.getBuffer(), 'av_frame_get_buffer');
      for (const plane of frame.data ?? []) plane.fill(128);
      frame.pts = 0n;
      this.#encoder.encode(frame, write);
      this.#encoder.encode(null, write);
    } finally {
      held.free();
      frame.free();
    }
  }

  /** Frees the native encoder. */
  free(): void {
    this.#encoder.free();
  }
}
