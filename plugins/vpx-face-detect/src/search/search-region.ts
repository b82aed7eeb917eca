import { VisualError, type ImageRegion, type NormBox, type PixelBox, type RgbImage } from 'vpx-sdk';

/** The `roi` option as pixels of a frame, rounded outwards and cut at the borders. */
export function regionOfInterest(
  roi: NormBox | PixelBox | undefined,
  frame: Pick<RgbImage, 'width' | 'height'>,
): ImageRegion {
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
export function hasMiddleIn({ left, top, width, height }: ImageRegion, box: PixelBox): boolean {
  const x = (box.x1 + box.x2) / 2;
  const y = (box.y1 + box.y2) / 2;
  return x >= left && x < left + width && y >= top && y < top + height;
}
