import { VisualError, type NormBox, type PixelBox, type RgbImage } from 'vpx-sdk';

/** A part of a picture in whole pixels. */
export interface SearchRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The `roi` option as pixels of a frame, rounded outwards and cut at the borders. */
export function regionOfInterest(
  roi: NormBox | PixelBox | undefined,
  frame: Pick<RgbImage, 'width' | 'height'>,
): SearchRegion {
  const { width, height } = frame;
  if (roi === undefined) return { left: 0, top: 0, width, height };
  const [scaleX, scaleY] = roi.space === 'norm' ? [width, height] : [1, 1];
  const left = Math.max(0, Math.floor(roi.x1 * scaleX));
  const top = Math.max(0, Math.floor(roi.y1 * scaleY));
  const right = Math.min(width, Math.ceil(roi.x2 * scaleX));
  const bottom = Math.min(height, Math.ceil(roi.y2 * scaleY));
  if (right > left && bottom > top) {
    return { left, top, width: right - left, height: bottom - top };
  }
  throw new VisualError(
    'VPX_ROI_OUTSIDE',
    `The region of interest (${roi.x1}, ${roi.y1}) to (${roi.x2}, ${roi.y2}) lies outside of a frame of ${width}x${height} pixels. Correct the \`roi\` option, or give it in fractions (space: 'norm').`,
    { details: { roi, width, height } },
  );
}

/** True if the middle of a box lies in the region. */
export function hasMiddleIn({ left, top, width, height }: SearchRegion, box: PixelBox): boolean {
  const x = (box.x1 + box.x2) / 2;
  const y = (box.y1 + box.y2) / 2;
  return x >= left && x < left + width && y >= top && y < top + height;
}

/** A part of a picture, without a copy. */
export function viewOf(image: RgbImage, region: SearchRegion): RgbImage {
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
