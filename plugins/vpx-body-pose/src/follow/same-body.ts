import type { Detection, Point } from 'vpx-sdk';
import type { LocatedBody } from '../model/pose-landmark-model.ts';

// Landmarks of head and shoulders, which sit well even where the rest of a body is hidden.
const UPPER_LANDMARK_COUNT = 13;
const SHOULDERS = [11, 12] as const;
const SHOULDER_CENTRE = 2;

// In radii of the body's circle. People who stand shoulder to shoulder are 0.4 apart.
const SAME_BODY_RADII = 0.2;
const SAME_PERSON_RADII = 0.25;

const radiusOf = ({ centre, rim }: LocatedBody): number =>
  Math.hypot(rim.x - centre.x, rim.y - centre.y);

/** True if two regions have come to show the same body. */
export function isSameBody(a: LocatedBody, b: LocatedBody): boolean {
  let sum = 0;
  for (let k = 0; k < UPPER_LANDMARK_COUNT; k++) {
    const [p, q] = [landmark(a, k), landmark(b, k)];
    sum += Math.hypot(p.x - q.x, p.y - q.y);
  }
  return sum / UPPER_LANDMARK_COUNT < SAME_BODY_RADII * Math.max(radiusOf(a), radiusOf(b));
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

const landmark = ({ landmarks: { points } }: LocatedBody, k: number): Point => ({
  x: points[k * 3]!,
  y: points[k * 3 + 1]!,
});
