import type { RgbImage } from 'visualbase';

/** An upright part of a picture, whole pixels. */
export interface ImageRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a picture as a picture, without a copy. The region must lie within it. */
export function viewOf(image: RgbImage, region: ImageRegion): RgbImage {
  const { left, top, width, height } = region;
  if (width === image.width && height === image.height) return image;
  const { format, strideBytes } = image;
  return {
    format,
    width,
    height,
    strideBytes,
    data: image.data.subarray(top * strideBytes + left * 3),
  };
}
