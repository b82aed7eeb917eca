import type { Frame, Point } from 'vpx-sdk';
import type { HandReading } from './hand-landmark-model.ts';

/** A hand that is followed; the same object from frame to frame. */
export interface FollowedHand {
  reading: HandReading;
  /** How far the palm moved from the frame before last to the last one, px. */
  motion: Point;
  /** When the landmark model by itself was last sure enough of it, media time. */
  seenNs: number;
  /** For the owner of the follower to keep its own number in. */
  trackId: number | undefined;
}

/** Finds the hands of frame after frame. */
export interface Follower {
  /** The hands of the next frame, in order of time. */
  find(frame: Frame, signal: AbortSignal): Promise<readonly FollowedHand[]>;
  /** Forgets all hands. */
  reset(): void;
}

/** A hand that was not followed before. */
export const newHand = (reading: HandReading, tNs: number): FollowedHand => ({
  reading,
  seenNs: tNs,
  motion: { x: 0, y: 0 },
  trackId: undefined,
});
