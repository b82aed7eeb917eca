import type { Detection, Point, RotatedRoi } from 'vpx-sdk';

/** Side of the region over the radius of the body's circle, as the landmark models were trained. */
const SIDE_PER_RADIUS = 2.5;

/**
 * The square in which the landmark model looks: around the circle with centre `centre` through
 * `rim`, turned so that `rim` is straight up.
 */
export function regionOfCircle(centre: Point, rim: Point): RotatedRoi {
  const side = Math.hypot(rim.x - centre.x, rim.y - centre.y) * SIDE_PER_RADIUS;
  return {
    cx: centre.x,
    cy: centre.y,
    width: side,
    height: side,
    rotationRad: Math.atan2(rim.x - centre.x, centre.y - rim.y),
  };
}

/** Where to look for the landmarks of a detected person. */
export const regionOfDetection = ({ keypoints }: Detection): RotatedRoi =>
  regionOfCircle(keypoints[0]!, keypoints[1]!);
