import { Frame, SoftwareScaleContext } from 'node-av/lib';
import {
  AV_FRAME_FLAG_INTERLACED,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_RGB,
  type AVPixelFormat,
} from 'node-av/constants';
import { roomBytesFor } from '../decode/picture-room.ts';
import { check } from './check.ts';

/** What the decoder's pictures have in common from one to the next, mostly. */
const keyOf = (frame: Frame): string =>
  `${frame.width}x${frame.height}:${frame.format}:${frame.colorSpace}:${frame.colorRange}`;

/** Rows of a multiple of this many pixels are written straight into the target. */
const DIRECT_WIDTH = 8;

/**
 * Converts decoded pictures to RGB24 of one fixed size, whatever their own size, pixel format and
 * colour matrix (BT.601 where they do not say), also where these change in mid-stream.
 *
 * Shrinking YUV first and converting the small picture is two to four times faster than one pass.
 *
 * Pictures go from frame to frame inside FFmpeg. Looking at the planes of each one from JavaScript
 * would make V8 believe that memory fills up, and collect garbage fifty times as often.
 */
export class RgbScaler {
  readonly width: number;
  readonly height: number;
  #key = '';
  #shrinker: SoftwareScaleContext | undefined;
  #shrunk: Frame | undefined;
  #converter: SoftwareScaleContext | undefined;
  #rgb: Frame | undefined;
  /** The pixels of `#rgb` where it has memory of its own, which stays the same. */
  #pixels: Buffer | undefined;
  #strideBytes = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  /**
   * Writes `frame` into `target`, rows of `width * 3` bytes.
   *
   * @param target - Of {@link roomBytesFor}; what is behind the picture may change.
   */
  convert(frame: Frame, target: Buffer): void {
    this.#prepare(frame, target);
    if (this.#shrinker !== undefined) {
      check(this.#shrinker.scaleFrameSync(this.#shrunk!, frame), 'sws_scale_frame');
    }
    check(this.#converter!.scaleFrameSync(this.#rgb!, this.#shrunk ?? frame), 'sws_scale_frame');
    this.#copyTo(target);
  }

  /**
   * As {@link RgbScaler.convert}, beside what the calling thread does meanwhile. One at a time; `frame`
   * and `target` must stay as they are until it is done.
   */
  async convertBeside(frame: Frame, target: Buffer): Promise<void> {
    this.#prepare(frame, target);
    if (this.#shrinker !== undefined) {
      check(await this.#shrinker.scaleFrame(this.#shrunk!, frame), 'sws_scale_frame');
      // The small picture is done before another thread would have begun.
      check(this.#converter!.scaleFrameSync(this.#rgb!, this.#shrunk!), 'sws_scale_frame');
    } else {
      check(await this.#converter!.scaleFrame(this.#rgb!, frame), 'sws_scale_frame');
    }
    this.#copyTo(target);
  }

  /** Frees the native contexts and frames. */
  free(): void {
    this.#shrinker?.freeContext();
    this.#converter?.freeContext();
    this.#shrunk?.free();
    this.#rgb?.free();
    this.#shrinker = undefined;
    this.#converter = undefined;
    this.#shrunk = undefined;
    this.#rgb = undefined;
    this.#pixels = undefined;
    this.#key = '';
  }

  #copyTo(target: Uint8Array): void {
    const pixels = this.#pixels;
    if (pixels === undefined) return;
    const rowBytes = this.width * 3;
    for (let y = 0; y < this.height; y++) {
      const from = y * this.#strideBytes;
      target.set(pixels.subarray(from, from + rowBytes), y * rowBytes);
    }
  }

  #prepare(frame: Frame, target: Buffer): void {
    const roomBytes = roomBytesFor(this.width, this.height);
    if (target.length < roomBytes) {
      throw new RangeError(
        `The target of a ${this.width}x${this.height} picture needs ${roomBytes} bytes, got ${target.length}.`,
      );
    }
    // Both fields belong to the one picture that is wanted; swscale would ask for two.
    if (frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) frame.clearFlags(AV_FRAME_FLAG_INTERLACED);
    const key = keyOf(frame);
    if (key !== this.#key) this.#build(frame, key);
    // The frame has no memory of its own then: its rows are the target's.
    if (this.#pixels === undefined) check(this.#rgb!.fromBuffer(target), 'av_image_fill_arrays');
  }

  #build(frame: Frame, key: string): void {
    this.free();
    this.#key = key;
    const { width, height } = this;
    const format = frame.format as AVPixelFormat;
    const isScaled = width !== frame.width || height !== frame.height;
    const isPlanar420 = format === AV_PIX_FMT_YUV420P || format === AV_PIX_FMT_YUVJ420P;
    if (isScaled && isPlanar420 && width % 2 === 0 && height % 2 === 0) {
      this.#shrinker = newScaler();
      this.#shrunk = newFrame(width, height, format);
      check(this.#shrunk.getBuffer(), 'av_frame_get_buffer');
      this.#shrunk.colorSpace = frame.colorSpace;
      this.#shrunk.colorRange = frame.colorRange;
    }
    this.#converter = newScaler();
    this.#rgb = newFrame(width, height, AV_PIX_FMT_RGB24);
    this.#rgb.colorSpace = AVCOL_SPC_RGB;
    this.#rgb.colorRange = AVCOL_RANGE_JPEG;
    if (width % DIRECT_WIDTH === 0) return;
    // swscale may write beyond the ends of such rows; those of its own frames are padded.
    check(this.#rgb.getBuffer(), 'av_frame_get_buffer');
    this.#pixels = this.#rgb.data![0]!;
    this.#strideBytes = this.#rgb.linesize[0]!;
  }
}

/** A context that takes sizes, formats and colours from the frames it is given. */
function newScaler(): SoftwareScaleContext {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  check(scaler.setOption('sws_flags', 'bilinear'), 'sws_flags');
  return scaler;
}

function newFrame(width: number, height: number, format: AVPixelFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = format;
  return frame;
}
