/** The person's own side. */
export type Side = 'right' | 'left';

/** Landmarks of MediaPipe's face mesh around one eye. */
export interface EyeLandmarks {
  readonly outer: number;
  readonly inner: number;
  /** Lower and upper lid at three places around the pupil. */
  readonly lids: readonly (readonly [lower: number, upper: number])[];
  /** The lower lid from the outer corner to the inner, then the upper lid between them. */
  readonly contour: readonly number[];
}

/** Both eyes; the order of the contour is that of MediaPipe's attention mesh. */
export const EYES: Readonly<Record<Side, EyeLandmarks>> = {
  right: {
    outer: 33,
    inner: 133,
    lids: [
      [144, 160],
      [145, 159],
      [153, 158],
    ],
    contour: [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173],
  },
  left: {
    outer: 263,
    inner: 362,
    lids: [
      [373, 387],
      [374, 386],
      [380, 385],
    ],
    contour: [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398],
  },
};
