import type { PixelBox } from 'visualbase';
// The augmentation below needs the module loaded.
import type {} from 'visualpath';

/** Which hand it is, as the person who owns it says. */
export type Handedness = 'left' | 'right';

/** The gestures that `hand.gesture` tells apart. */
export const HAND_GESTURES = [
  'open_palm',
  'fist',
  'point',
  'v_sign',
  'thumbs_up',
  'thumbs_down',
  'ok',
  'call',
] as const;

/** One of {@link HAND_GESTURES}. */
export type HandGesture = (typeof HAND_GESTURES)[number];

/**
 * Order of the 21 landmarks of MediaPipe's hand models: the wrist, then each finger from the palm to
 * its tip.
 */
export const HAND_LANDMARKS = [
  'wrist',
  ...(['thumb-base', 'thumb-knuckle', 'thumb-joint', 'thumb-tip'] as const),
  ...(['index-knuckle', 'index-middle-joint', 'index-end-joint', 'index-tip'] as const),
  ...(['middle-knuckle', 'middle-middle-joint', 'middle-end-joint', 'middle-tip'] as const),
  ...(['ring-knuckle', 'ring-middle-joint', 'ring-end-joint', 'ring-tip'] as const),
  ...(['little-knuckle', 'little-middle-joint', 'little-end-joint', 'little-tip'] as const),
] as const;

const chain = (...at: readonly number[]): readonly (readonly [number, number])[] =>
  at.slice(1).map((to, i) => [at[i]!, to]);

/** Pairs of {@link HAND_LANDMARKS} that a drawing connects: the fingers, and around the palm. */
export const HAND_BONES: readonly (readonly [from: number, to: number])[] = [
  ...chain(0, 1, 2, 3, 4),
  ...[5, 9, 13, 17].flatMap((knuckle) => chain(knuckle, knuckle + 1, knuckle + 2, knuckle + 3)),
  ...chain(0, 5, 9, 13, 17, 0),
];

/** The 21 landmarks of a hand, in the order of {@link HAND_LANDMARKS}. */
export interface HandLandmarks {
  readonly space: 'px';
  /**
   * `x, y, z` of each landmark, 21 x 3. `x` and `y` in pixels of the frame; `z` in the same unit,
   * smaller is closer to the camera, 0 at the wrist.
   */
  readonly points: Float32Array;
  /**
   * `x, y, z` of each landmark in metres from the middle of the hand, 21 x 3, axes as of the frame. An
   * estimate for a hand of usual size: angles and proportions are good, the size itself is not measured.
   */
  readonly worldPoints: Float32Array;
}

/** One hand in one frame. */
export interface Hand {
  /** The same for the same hand from frame to frame; never used again for another. From 1. */
  readonly trackId: number;
  readonly handedness: Handedness;
  /** How sure that is, 0.5..1. */
  readonly handednessConfidence: number;
  /** How sure the landmark model is that there is a hand, 0..1. */
  readonly confidence: number;
  /** The smallest upright box around the landmarks. */
  readonly box: PixelBox;
  readonly landmarks: HandLandmarks;
  /** What it shows, held for a while already; undefined: none of {@link HAND_GESTURES}. */
  readonly gesture: HandGesture | undefined;
  /** How well this frame fits the gesture, 0..1; 0 without one. */
  readonly gestureScore: number;
}

/** Data of a `hand.gesture` observation. */
export interface HandGestureData {
  /** The main hand (largest, then most certain) first. */
  readonly hands: readonly Hand[];
  /** Size of the frame that the pixels refer to. */
  readonly widthPx: number;
  readonly heightPx: number;
}

declare module 'visualpath' {
  interface ModuleOutputs {
    'hand.gesture': HandGestureData;
  }
}
