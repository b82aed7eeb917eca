import { cocoView } from '../../src/index.ts';
import type { BodyKeypoints, PoseLandmarks } from 'vpx-sdk';

type Xy = readonly [x: number, y: number];

/** Landmarks of MediaPipe by name; the person's own left and right. */
export const LANDMARK = {
  nose: 0,
  leftEye: 2,
  rightEye: 5,
  leftEar: 7,
  rightEar: 8,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
} as const;

export type Joint = keyof typeof LANDMARK;

/** Somebody who stands and faces the camera, arms down; the trunk is 100 px long. */
const STANDING: Readonly<Record<Joint, Xy>> = {
  nose: [200, 60],
  leftEye: [206, 54],
  rightEye: [194, 54],
  leftEar: [214, 58],
  rightEar: [186, 58],
  leftShoulder: [235, 100],
  rightShoulder: [165, 100],
  leftElbow: [245, 150],
  rightElbow: [155, 150],
  leftWrist: [248, 200],
  rightWrist: [152, 200],
  leftHip: [222, 200],
  rightHip: [178, 200],
  leftKnee: [222, 280],
  rightKnee: [178, 280],
  leftAnkle: [222, 360],
  rightAnkle: [178, 360],
};

/** Landmarks of a stick body; what is not moved stands, what is hidden has a visibility of 0.1. */
export function landmarksOf(
  moved: Partial<Record<Joint, Xy>> = {},
  hidden: readonly Joint[] = [],
): PoseLandmarks {
  const points = new Float32Array(33 * 3);
  const visibility = new Float32Array(33).fill(0.9);
  for (const [joint, at] of Object.entries(LANDMARK) as [Joint, number][]) {
    points.set(moved[joint] ?? STANDING[joint], at * 3);
    if (hidden.includes(joint)) visibility[at] = 0.1;
  }
  const presence = new Float32Array(33).fill(0.9);
  return { space: 'px', points, visibility, presence, worldM: new Float32Array(33 * 3) };
}

/** The same as COCO keypoints. */
export const bodyOf = (
  moved: Partial<Record<Joint, Xy>> = {},
  hidden: readonly Joint[] = [],
): BodyKeypoints => cocoView(landmarksOf(moved, hidden));

/** A body scaled about the origin, then moved. */
export function placed(body: BodyKeypoints, scale: number, dx: number, dy: number): BodyKeypoints {
  const points = Object.entries(body.points).map(
    ([name, { x, y, visibility }]) =>
      [name, { x: x * scale + dx, y: y * scale + dy, visibility }] as const,
  );
  return { space: 'px', points: Object.fromEntries(points) as BodyKeypoints['points'] };
}
