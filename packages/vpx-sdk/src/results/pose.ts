import type { PixelBox } from 'visualbase';
import type { Point } from '../image/point.ts';
// The augmentation below needs the module loaded.
import type {} from 'visualpath';

/** The 17 keypoints of COCO in their order. Right and left are the person's own. */
export const COCO_KEYPOINTS = [
  'nose',
  'left-eye',
  'right-eye',
  'left-ear',
  'right-ear',
  'left-shoulder',
  'right-shoulder',
  'left-elbow',
  'right-elbow',
  'left-wrist',
  'right-wrist',
  'left-hip',
  'right-hip',
  'left-knee',
  'right-knee',
  'left-ankle',
  'right-ankle',
] as const;

/** The name of one of {@link COCO_KEYPOINTS}. */
export type CocoKeypoint = (typeof COCO_KEYPOINTS)[number];

type Bones = readonly (readonly [from: number, to: number])[];

const chain = (...at: readonly number[]): Bones => at.slice(1).map((to, i) => [at[i]!, to]);

/** Pairs of {@link COCO_KEYPOINTS} that a drawing connects: head, trunk, arms and legs. */
export const COCO_BONES: Bones = [
  ...chain(3, 1, 0, 2, 4),
  ...chain(9, 7, 5, 6, 8, 10),
  ...chain(5, 11, 12, 6),
  ...chain(11, 13, 15),
  ...chain(12, 14, 16),
];

/**
 * Pairs of the 33 landmarks of {@link PoseLandmarks} that a drawing connects: as {@link COCO_BONES},
 * and the mouth, hands and feet.
 *
 * @see The model card "MediaPipe BlazePose GHUM 3D" for the order of the landmarks.
 */
export const POSE_BONES: Bones = [
  ...chain(7, 2, 0, 5, 8),
  ...chain(9, 10),
  ...chain(15, 13, 11, 12, 14, 16),
  ...chain(11, 23, 24, 12),
  ...chain(15, 17, 19, 15, 21),
  ...chain(16, 18, 20, 16, 22),
  ...chain(23, 25, 27, 29, 31, 27),
  ...chain(24, 26, 28, 30, 32, 28),
];

/** A point of the body in pixels of the frame; may lie outside the picture. */
export interface BodyPoint extends Point {
  /** How sure the model is that the point can be seen in the picture, 0..1. */
  readonly visibility: number;
}

/** The keypoints that every pose model gives. */
export interface BodyKeypoints {
  readonly space: 'px';
  readonly points: Readonly<Record<CocoKeypoint, BodyPoint>>;
}

/** The 33 landmarks of MediaPipe's pose, in its fixed order. */
export interface PoseLandmarks {
  readonly space: 'px';
  /**
   * `x, y, z` of each landmark, 33 x 3. `x` and `y` in pixels of the frame; `z` in the same unit,
   * smaller is closer to the camera, 0 at the middle of the hips, and much less exact.
   */
  readonly points: Float32Array;
  /** How sure the model is that each landmark can be seen, 0..1; 33 numbers. */
  readonly visibility: Float32Array;
  /** How sure the model is that each landmark lies within the picture, 0..1; 33 numbers. */
  readonly presence: Float32Array;
  /** `x, y, z` of each landmark in metres from the middle of the hips, 33 x 3; axes as above. */
  readonly worldM: Float32Array;
}

/** Which of a person's own hands something holds for. */
export type HandSide = 'none' | 'left' | 'right' | 'both';

/** What a body does. What cannot be told, since the points for it are out of sight, is left out. */
export interface BodyMeasures {
  /** Hands above the level of the shoulders, clearly. */
  readonly handsRaised: HandSide;
  /** Hands that go to and fro sideways, above the elbow. */
  readonly waving: HandSide;
  /** Lean of the trunk from upright, in the picture; positive towards its right side. */
  readonly leanDeg?: number;
  /**
   * An estimate of how far the trunk is turned from facing the camera; positive towards the right
   * side of the picture. Only from models that give depth.
   */
  readonly torsoYawDeg?: number;
  /** Mean speed of the visible keypoints, in lengths of the trunk per second. */
  readonly motionEnergy?: number;
}

/** One person in one frame. */
export interface Pose extends BodyMeasures {
  /** The same for the same person from frame to frame; never used again for another. From 1. */
  readonly trackId: number;
  /** Around the keypoints that can be seen, within the picture. */
  readonly box: PixelBox;
  /** How sure the model is that there is a person, 0..1. */
  readonly confidence: number;
  readonly keypoints: BodyKeypoints;
  /** Only from MediaPipe's models. */
  readonly landmarks?: PoseLandmarks;
}

/** Data of a `body.pose` observation. */
export interface BodyPoseData {
  /** The main person (largest, then most certain) first. */
  readonly poses: readonly Pose[];
  /** Size of the frame that the pixels refer to. */
  readonly widthPx: number;
  readonly heightPx: number;
}

declare module 'visualpath' {
  interface ModuleOutputs {
    'body.pose': BodyPoseData;
  }
}
