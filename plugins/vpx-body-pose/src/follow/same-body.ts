import { boundingBox, type Corners } from '../measure/bounding-box.ts';
import type { Detection, Point } from 'vpx-sdk';
import type { LocatedBody } from '../model/pose-landmark-model.ts';

// Landmarks of head, shoulders and hips.
const HEAD_AND_SHOULDERS = Array.from({ length: 13 }, (_, k) => k);
const CORE = [...HEAD_AND_SHOULDERS, 23, 24];
const SHOULDERS = [11, 12] as const;

// Keypoint of the detector.
const SHOULDER_CENTRE = 2;

// In radii of the body's circle. People who stand shoulder to shoulder are 0.4 apart.
const SAME_BODY_RADII = 0.2;
const SAME_PERSON_RADII = 0.25;
/** Of two cores of which the smaller lies in the other by this share, one is imagined. */
const SAME_PLACE_SHARE = 0.5;

// Beyond, it is more likely somebody else, further away.
const MAX_PART_RADII = 0.5;
const MIN_VISIBILITY = 0.5;

/** Radius of the circle around a body, px. */
export const radiusOf = ({ centre, rim }: LocatedBody): number =>
  Math.hypot(rim.x - centre.x, rim.y - centre.y);

/** True if two regions have come to show the same body, point by point. */
export function isSameBody(a: LocatedBody, b: LocatedBody): boolean {
  const distances = HEAD_AND_SHOULDERS.map((k) => {
    const [p, q] = [landmark(a, k), landmark(b, k)];
    return Math.hypot(p.x - q.x, p.y - q.y);
  });
  const mean = distances.reduce((sum, px) => sum + px, 0) / distances.length;
  return mean < SAME_BODY_RADII * Math.max(radiusOf(a), radiusOf(b));
}

/** True if one body lies so far in the other that they are hardly two people. */
export function isSamePlace(a: LocatedBody, b: LocatedBody): boolean {
  const [p, q] = [coreBox(a), coreBox(b)];
  const width = Math.min(p.x2, q.x2) - Math.max(p.x1, q.x1);
  const height = Math.min(p.y2, q.y2) - Math.max(p.y1, q.y1);
  if (!(width > 0 && height > 0)) return false;
  return width * height > SAME_PLACE_SHARE * Math.min(areaOf(p), areaOf(q));
}

/** True if what was taken for a small body is part of a large one, such as a hand: it lies around what of that is seen. */
export function isPartOf(small: LocatedBody, large: LocatedBody): boolean {
  const radiusPx = radiusOf(small);
  if (radiusPx > MAX_PART_RADII * radiusOf(large)) return false;
  const { visibility } = large.landmarks;
  return Array.from(visibility.keys()).some((k) => {
    const { x, y } = landmark(large, k);
    const distancePx = Math.hypot(x - small.centre.x, y - small.centre.y);
    return visibility[k]! > MIN_VISIBILITY && distancePx < radiusPx;
  });
}

/** True if a detection is of a body that is known. */
export function isDetectionOf({ keypoints }: Detection, body: LocatedBody): boolean {
  const [left, right] = SHOULDERS.map((k) => landmark(body, k)) as [Point, Point];
  const shoulders = keypoints[SHOULDER_CENTRE]!;
  const distance = Math.hypot(
    (left.x + right.x) / 2 - shoulders.x,
    (left.y + right.y) / 2 - shoulders.y,
  );
  return distance < SAME_PERSON_RADII * radiusOf(body);
}

const coreBox = (body: LocatedBody): Corners => boundingBox(CORE.map((k) => landmark(body, k)));

const areaOf = ({ x1, y1, x2, y2 }: Corners): number => (x2 - x1) * (y2 - y1);

const landmark = ({ landmarks: { points } }: LocatedBody, k: number): Point => ({
  x: points[k * 3]!,
  y: points[k * 3 + 1]!,
});
