import { VisualError } from '../errors/visual-error.ts';
import type { GrayImage, PixelBox, RgbImage } from './image.ts';
import { cropImage, resizeImage, toGray } from './pixels.ts';

/** What {@link Frame.fromRgb} needs. */
export interface FrameInit {
  /** Index of the picture in its source, in presentation order, from 0. */
  readonly frameId: number;
  /** Media time in whole nanoseconds since the start of the stream. */
  readonly tSrcNs: number;
  readonly width: number;
  readonly height: number;
  /** Interleaved RGB, at least `height` rows of `strideBytes`. Not copied. */
  readonly data: Uint8Array;
  /** Bytes from row to row. Default `3 * width`. */
  readonly strideBytes?: number;
  /** Called once, when the last holder has released the frame: give the memory back here. */
  readonly onRelease?: () => void;
}

// A retained frame that is garbage collected unreleased still holds its slot: give it back, and say so once.
let hasWarnedOfLeak = false;
const leaks = new FinalizationRegistry<() => void>((giveBack) => {
  giveBack();
  if (hasWarnedOfLeak) return;
  hasWarnedOfLeak = true;
  process.emitWarning(
    'A frame was retained and never released; its memory came back only with garbage collection. Call frame.release() for every frame.retain(), or keep a frame.clone().',
    { code: 'VB_FRAME_LEAK' },
  );
});

/**
 * One decoded picture with its exact media time.
 *
 * A frame is *borrowed*: whoever hands it out (a source's iterator, a backend calling `process`)
 * takes it back when the borrower is done, and its pixels are then reused for a later picture. To
 * keep it longer, `retain()` and later `release()`, or `clone()` the pixels. After the last release
 * every access to pixels throws `VB_FRAME_RELEASED`.
 *
 * Views (`gray`, `resized`, `crop`) are computed once and shared by everyone who holds the frame.
 */
export class Frame implements RgbImage {
  readonly format = 'rgb24';
  readonly frameId: number;
  readonly tSrcNs: number;
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;

  #data: Uint8Array | undefined;
  #onRelease: (() => void) | undefined;
  #holders = 1;
  #isWatched = false;
  #gray: GrayImage | undefined;
  #views: Map<string, RgbImage> | undefined;

  private constructor(init: FrameInit) {
    this.frameId = init.frameId;
    this.tSrcNs = init.tSrcNs;
    this.width = init.width;
    this.height = init.height;
    this.strideBytes = init.strideBytes ?? init.width * 3;
    this.#data = init.data;
    this.#onRelease = init.onRelease;
  }

  /**
   * Makes a frame from RGB pixels in memory: the way to push frames of one's own.
   *
   * @throws RangeError if a size, time or the length of `data` does not fit.
   */
  static fromRgb(init: FrameInit): Frame {
    const { width, height, frameId, tSrcNs } = init;
    const strideBytes = init.strideBytes ?? width * 3;
    if (!(Number.isSafeInteger(width) && width > 0 && Number.isSafeInteger(height) && height > 0)) {
      throw new RangeError(
        `A frame needs a width and height of at least 1 pixel, got ${width}x${height}.`,
      );
    }
    if (!Number.isSafeInteger(tSrcNs) || tSrcNs < 0) {
      throw new RangeError(`tSrcNs must be whole nanoseconds from 0, got ${tSrcNs}.`);
    }
    if (!Number.isSafeInteger(frameId) || frameId < 0) {
      throw new RangeError(`frameId must be an index from 0, got ${frameId}.`);
    }
    if (!Number.isSafeInteger(strideBytes)) {
      throw new RangeError(`strideBytes must be a whole number of bytes, got ${strideBytes}.`);
    }
    if (strideBytes < width * 3 || init.data.length < strideBytes * (height - 1) + width * 3) {
      throw new RangeError(
        `${width}x${height} RGB at ${strideBytes} bytes a row needs ${strideBytes * (height - 1) + width * 3} bytes, got ${init.data.length}.`,
      );
    }
    return new Frame(init);
  }

  /** Interleaved R, G, B. Valid while somebody holds the frame. @throws `VB_FRAME_RELEASED`. */
  get data(): Uint8Array {
    if (this.#data === undefined) {
      throw new VisualError(
        'VB_FRAME_RELEASED',
        `Frame ${this.frameId} (${(this.tSrcNs / 1e9).toFixed(3)} s) was used after its release. Call retain() while you still hold it, or keep a clone().`,
        { details: { frameId: this.frameId, tSrcNs: this.tSrcNs } },
      );
    }
    return this.#data;
  }

  /** True once the last holder has released the frame. */
  get isReleased(): boolean {
    return this.#holders === 0;
  }

  /** Luma of the frame (BT.601 weights), computed on first use. */
  gray(): GrayImage {
    return (this.#gray ??= toGray(this));
  }

  /**
   * The frame scaled to exactly `width` x `height` pixels (aspect is the caller's business),
   * area-averaged when shrinking; computed once per size.
   */
  resized(width: number, height: number): RgbImage {
    if (width === this.width && height === this.height) return this;
    return this.#view(`${width}x${height}`, () => resizeImage(this, width, height));
  }

  /**
   * A copy of the part of the frame inside `box`, rounded outwards to whole pixels and cut at the
   * borders; computed once per box.
   *
   * @throws RangeError if nothing of the box lies inside the frame.
   */
  crop(box: PixelBox): RgbImage {
    return this.#view(`${box.x1},${box.y1},${box.x2},${box.y2}`, () => cropImage(this, box));
  }

  /** Adds a holder. Each `retain()` needs one `release()`. */
  retain(): this {
    void this.data;
    this.#holders += 1;
    if (!this.#isWatched && this.#onRelease !== undefined) {
      this.#isWatched = true;
      leaks.register(this, this.#onRelease, this);
    }
    return this;
  }

  /** Removes a holder; the last one gives the pixels back. More releases than holders are ignored. */
  release(): void {
    if (this.#holders === 0) return;
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#data = undefined;
    this.#gray = undefined;
    this.#views = undefined;
    if (this.#isWatched) leaks.unregister(this);
    this.#onRelease?.();
  }

  /**
   * Gives the frame pixels of its own and the borrowed memory back, so that holding it no longer holds
   * up its source. Only for a frame that nobody is reading: `data` and views taken before show later
   * pictures from now on. Does nothing if the memory is nobody's.
   */
  detach(): this {
    const data = this.data;
    const giveBack = this.#onRelease;
    if (giveBack === undefined) return this;
    this.#data = data.slice();
    this.#onRelease = undefined;
    if (this.#isWatched) leaks.unregister(this);
    this.#isWatched = false;
    giveBack();
    return this;
  }

  /** A frame with pixels of its own, which stays valid for as long as one likes. */
  clone(): Frame {
    return new Frame({
      frameId: this.frameId,
      tSrcNs: this.tSrcNs,
      width: this.width,
      height: this.height,
      strideBytes: this.strideBytes,
      data: this.data.slice(),
    });
  }

  #view(key: string, make: () => RgbImage): RgbImage {
    void this.data;
    const views = (this.#views ??= new Map<string, RgbImage>());
    let view = views.get(key);
    if (view === undefined) {
      view = make();
      views.set(key, view);
    }
    return view;
  }
}
