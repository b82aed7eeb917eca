/** Pixels in memory, without a time: what views of a frame and decoded stills are. */
export interface RgbImage {
  readonly format: 'rgb24';
  readonly width: number;
  readonly height: number;
  /** Bytes from the start of one row to the start of the next; at least `3 * width`. */
  readonly strideBytes: number;
  /** Interleaved R, G, B, 0..255, top row first. Read only by convention: it may be shared. */
  readonly data: Uint8Array;
}

/** A luma picture: one byte a pixel. */
export interface GrayImage {
  readonly format: 'gray8';
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  /** Luma, 0..255, full range, top row first. */
  readonly data: Uint8Array;
}

/** A box in pixels of the picture it belongs to; corners, origin top left, `x2` and `y2` exclusive. */
export interface PixelBox {
  readonly space: 'px';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A box in units of picture width and height, 0..1 inside the picture; corners, origin top left. */
export interface NormBox {
  readonly space: 'norm';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}
