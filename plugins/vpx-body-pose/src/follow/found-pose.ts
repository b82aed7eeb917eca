import type { BodyKeypoints, Frame, PoseLandmarks } from 'vpx-sdk';

/** A person whom an engine found in a frame. */
export interface FoundPose {
  /** How sure the model is that there is a person, 0..1. */
  readonly confidence: number;
  readonly keypoints: BodyKeypoints;
  readonly landmarks?: PoseLandmarks;
}

/** Finds people, frame by frame. */
export interface PoseFinder {
  /** The people of the next frame, in order of time. */
  find(frame: Frame, signal: AbortSignal): Promise<readonly FoundPose[]>;
  /** Forgets everybody. */
  reset(): void;
}
