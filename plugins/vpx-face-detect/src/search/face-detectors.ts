import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  type CatalogueDetector,
} from 'vpx-sdk';

/** How far from the camera faces may be: `short` about two metres, `full` about five. */
export type FaceRange = 'short' | 'full';

/** BlazeFace by range: boxes with six keypoints. */
export const FACE_DETECTORS: Readonly<Record<FaceRange, CatalogueDetector>> = {
  short: FACE_DETECTION_SHORT_RANGE,
  full: FACE_DETECTION_FULL_RANGE,
};
