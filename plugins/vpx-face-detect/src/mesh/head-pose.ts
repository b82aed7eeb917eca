import type { HeadPose } from 'vpx-sdk';

/** A direction: x to the right of the picture, y down, z away from the camera. */
export type Vector = readonly [x: number, y: number, z: number];

// Landmarks of MediaPipe's face mesh that keep their distance whatever the face shows (canonical face
// model, google-ai-edge/mediapipe face_geometry): pairs across the face, person's right to left ...
const ACROSS: readonly (readonly [number, number])[] = [
  [33, 263], // outer eye corners
  [133, 362], // inner eye corners
  [234, 454], // cheeks, at the ears
  [127, 356], // temples
];
// ... and down the upper face, where the jaw does not reach.
const DOWN: readonly (readonly [number, number])[] = [
  [10, 2], // top of forehead to base of nose
  [151, 164], // forehead to philtrum
];

/**
 * The line down the upper face leans forward at its lower end even in a level face. Measured as the
 * mean over frames in which people look straight into the camera.
 */
const LEVEL_LEAN_DEG = 8;

const DEG = 180 / Math.PI;

function mean(points: Float32Array, pairs: readonly (readonly [number, number])[]): Vector {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const [from, to] of pairs) {
    x += points[to * 3]! - points[from * 3]!;
    y += points[to * 3 + 1]! - points[from * 3 + 1]!;
    z += points[to * 3 + 2]! - points[from * 3 + 2]!;
  }
  return [x, y, z];
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scale = (a: Vector, k: number): Vector => [a[0] * k, a[1] * k, a[2] * k];
const unit = (a: Vector): Vector => scale(a, 1 / Math.sqrt(dot(a, a)));

/** The axes of a head in the space of its mesh, orthogonal and of length 1. */
export interface HeadAxes {
  /** From the person's right to the left. */
  readonly across: Vector;
  /** Down the upper face. */
  readonly down: Vector;
  /** Out of the face. */
  readonly forward: Vector;
}

/**
 * The axes of a head, from landmarks that do not move with expression.
 *
 * @param points - 468 x 3, as in {@link FaceMesh}.
 */
export function headAxes(points: Float32Array): HeadAxes {
  const across = unit(mean(points, ACROSS));
  const slanted = mean(points, DOWN);
  const lean = dot(slanted, across);
  const down = unit([
    slanted[0] - across[0] * lean,
    slanted[1] - across[1] * lean,
    slanted[2] - across[2] * lean,
  ]);
  // Towards the camera: minus across x down.
  const forward: Vector = [
    across[2] * down[1] - across[1] * down[2],
    across[0] * down[2] - across[2] * down[0],
    across[1] * down[0] - across[0] * down[1],
  ];
  return { across, down, forward };
}

/** Head pose: the axes of the head, read as angles. */
export const headPoseOf = ({ across, forward }: HeadAxes): HeadPose => ({
  yawDeg: Math.atan2(forward[0], -forward[2]) * DEG,
  pitchDeg: -Math.asin(Math.max(-1, Math.min(1, forward[1]))) * DEG - LEVEL_LEAN_DEG,
  rollDeg: Math.atan2(across[1], across[0]) * DEG,
});
