import {
  POSE_LANDMARK_FULL,
  POSE_LANDMARK_HEAVY,
  POSE_LANDMARK_LITE,
  type CataloguePoseLandmarks,
} from 'vpx-sdk';

/** The landmark models of MediaPipe by size: each is slower and more exact than the one before. */
export type LandmarkSize = 'lite' | 'full' | 'heavy';

/** What the SDK knows of each. */
export const LANDMARK_MODELS: Readonly<Record<LandmarkSize, CataloguePoseLandmarks>> = {
  lite: POSE_LANDMARK_LITE,
  full: POSE_LANDMARK_FULL,
  heavy: POSE_LANDMARK_HEAVY,
};
