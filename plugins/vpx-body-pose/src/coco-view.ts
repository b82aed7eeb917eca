import {
  COCO_KEYPOINTS,
  type BodyKeypoints,
  type BodyPoint,
  type CocoKeypoint,
  type PoseLandmarks,
} from 'vpx-sdk';

// The landmark of MediaPipe's 33 that is each of COCO's 17, in COCO's order.
const LANDMARK_OF = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28] as const;

/** COCO's 17 keypoints out of MediaPipe's 33 landmarks. */
export function cocoView({ points, visibility }: PoseLandmarks): BodyKeypoints {
  return cocoKeypoints((i) => {
    const at = LANDMARK_OF[i]!;
    return { x: points[at * 3]!, y: points[at * 3 + 1]!, visibility: visibility[at]! };
  });
}

/** Keypoints from a function that gives the point at each place of COCO's order. */
export function cocoKeypoints(pointAt: (index: number) => BodyPoint): BodyKeypoints {
  const entries = COCO_KEYPOINTS.map((name, i) => [name, pointAt(i)] as const);
  return { space: 'px', points: Object.fromEntries(entries) as Record<CocoKeypoint, BodyPoint> };
}
