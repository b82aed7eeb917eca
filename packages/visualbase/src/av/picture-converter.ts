import { Frame, SoftwareScaleContext } from 'node-av/lib';
import {
  AV_FRAME_FLAG_INTERLACED,
  type AVColorRange,
  type AVColorSpace,
  type AVPixelFormat,
} from 'node-av/constants';
import { check } from './check.ts';

/** What {@link PictureConverter} turns pictures into. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: AVPixelFormat;
  readonly colorRange: AVColorRange;
  readonly colorSpace: AVColorSpace;
}

/** Converts pictures of any size, format, range and colour matrix into one layout. */
export class PictureConverter {
  readonly #layout: PictureLayout;
  readonly #scaler = new SoftwareScaleContext();
  readonly #out = new Frame();

  constructor(layout: PictureLayout) {
    this.#layout = layout;
    // Left unconfigured, so that swscale reads range and matrix from the pictures themselves.
    this.#scaler.allocContext();
    this.#out.alloc();
  }

  /** The converted picture, with the times of `picture`; valid until the next call. */
  convert(picture: Frame): Frame {
    const out = this.#out;
    out.unref();
    out.width = this.#layout.width;
    out.height = this.#layout.height;
    out.format = this.#layout.pixelFormat;
    out.colorRange = this.#layout.colorRange;
    out.colorSpace = this.#layout.colorSpace;
    check(out.getBuffer(), 'av_frame_get_buffer');
    // swscale takes interlaced pictures into interlaced ones only.
    if (picture.hasFlags(AV_FRAME_FLAG_INTERLACED)) out.setFlags(AV_FRAME_FLAG_INTERLACED);
    check(this.#scaler.scaleFrameSync(out, picture), 'sws_scale_frame');
    out.pts = picture.pts;
    out.duration = picture.duration;
    out.sampleAspectRatio = picture.sampleAspectRatio;
    return out;
  }

  /** Frees the native scaler. */
  free(): void {
    this.#scaler.freeContext();
    this.#out.free();
  }
}
