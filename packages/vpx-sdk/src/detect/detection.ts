import type { NormBox, PixelBox } from 'visualbase';
import { unletterboxBox, unletterboxPoint, type LetterboxMapping } from '../image/letterbox.ts';
import type { ImageRegion } from '../image/image-region.ts';
import type { Point } from '../image/point.ts';

/** One thing that a detector found. */
export interface Detection<Box extends PixelBox | NormBox = PixelBox> {
  /** Confidence, 0..1. */
  readonly score: number;
  readonly box: Box;
  /** Points of the detector's own order, in the space of the box. */
  readonly keypoints: readonly Point[];
}

/** Moves a detection from the letterboxed square to pixels of the source. */
export function unletterboxDetection(
  mapping: LetterboxMapping,
  detection: Detection<NormBox>,
): Detection {
  return {
    score: detection.score,
    box: unletterboxBox(mapping, detection.box),
    keypoints: detection.keypoints.map((point) => unletterboxPoint(mapping, point)),
  };
}

/** Moves a detection from a part of a picture to the whole. */
export function moveDetection(
  { score, box, keypoints }: Detection,
  { left, top }: Pick<ImageRegion, 'left' | 'top'>,
): Detection {
  return {
    score,
    box: {
      space: 'px',
      x1: box.x1 + left,
      y1: box.y1 + top,
      x2: box.x2 + left,
      y2: box.y2 + top,
    },
    keypoints: keypoints.map(({ x, y }) => ({ x: x + left, y: y + top })),
  };
}
