/** Measures of a face that do not depend on its size, place or turn. */
export interface FaceMeasures {
  readonly mouthWidth: number;
  readonly cornerLift: number;
  readonly mouthOpening: number;
  /** Mean of both eyes. */
  readonly eyeOpening: number;
  readonly rightEyeOpening: number;
  readonly leftEyeOpening: number;
  readonly browHeight: number;
  readonly browGap: number;
}

// Landmark numbers of MediaPipe's face mesh; right and left are the person's own.
interface EyeLandmarks {
  readonly outer: number;
  readonly inner: number;
  /** Upper and lower lid, at the pupil and beside it. */
  readonly lids: readonly [number, number];
  readonly lidsBeside: readonly [number, number];
}
const RIGHT_EYE: EyeLandmarks = { outer: 33, inner: 133, lids: [159, 145], lidsBeside: [158, 153] };
const LEFT_EYE: EyeLandmarks = { outer: 263, inner: 362, lids: [386, 374], lidsBeside: [385, 380] };
// The upper edge of each brow, around its middle.
const BROWS = [105, 66, 63, 334, 296, 293] as const;
const EYE_CORNERS = [33, 133, 362, 263] as const;
const INNER_BROWS = [55, 285] as const;
const MOUTH_CORNERS = [61, 291] as const;
const UPPER_LIP_TOP = 0;
const INNER_LIPS = [13, 14] as const;
const NOSE_BASE = 2;
const FOREHEAD = 10;

/**
 * Measures a face mesh in the head's own frame, in units of the distance of the outer eye corners.
 *
 * @param points - 468 x 3 as in `FaceMesh`: pixels, with depth in the same unit.
 */
export function measureFace(points: Float32Array): FaceMeasures {
  const distance = (a: number, b: number): number =>
    Math.hypot(
      points[a * 3]! - points[b * 3]!,
      points[a * 3 + 1]! - points[b * 3 + 1]!,
      points[a * 3 + 2]! - points[b * 3 + 2]!,
    );
  const eyeDistance = distance(RIGHT_EYE.outer, LEFT_EYE.outer);
  // Heights are read along the line down the upper face, which no expression moves.
  const faceLength = distance(FOREHEAD, NOSE_BASE);
  const heightOf = (at: number): number => {
    let along = 0;
    for (let k = 0; k < 3; k++) {
      const axis = points[FOREHEAD * 3 + k]! - points[NOSE_BASE * 3 + k]!;
      along += (points[at * 3 + k]! - points[NOSE_BASE * 3 + k]!) * axis;
    }
    return along / faceLength;
  };
  const eyeOpening = (eye: EyeLandmarks): number =>
    (distance(...eye.lids) + distance(...eye.lidsBeside)) / 2 / distance(eye.outer, eye.inner);
  const meanHeight = (landmarks: readonly number[]): number =>
    landmarks.reduce((sum, at) => sum + heightOf(at), 0) / landmarks.length;
  const [rightEyeOpening, leftEyeOpening] = [eyeOpening(RIGHT_EYE), eyeOpening(LEFT_EYE)];
  return {
    mouthWidth: distance(...MOUTH_CORNERS) / eyeDistance,
    cornerLift: (meanHeight(MOUTH_CORNERS) - heightOf(UPPER_LIP_TOP)) / eyeDistance,
    mouthOpening: distance(...INNER_LIPS) / eyeDistance,
    eyeOpening: (rightEyeOpening + leftEyeOpening) / 2,
    rightEyeOpening,
    leftEyeOpening,
    browHeight: (meanHeight(BROWS) - meanHeight(EYE_CORNERS)) / eyeDistance,
    browGap: distance(...INNER_BROWS) / eyeDistance,
  };
}
