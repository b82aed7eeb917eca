/** FFmpeg writes whole vectors, which may end beyond the last pixel. */
const SLACK_BYTES = 256;
const CACHE_LINE_BYTES = 64;

/** Bytes that a buffer needs for a converter to write an RGB picture of this size into it. */
export const roomBytesFor = (width: number, height: number): number =>
  Math.ceil((width * height * 3 + SLACK_BYTES) / CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
