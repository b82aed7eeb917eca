import type { HandLandmarks } from 'vpx-sdk';

type Vector = readonly [x: number, y: number, z: number];

/** How a finger is bent: at the knuckle, and at each of its two joints, degrees. */
type Finger = readonly [knuckleDeg: number, jointDeg: number];

const STRAIGHT: Finger = [5, 5];
const BENT: Finger = [70, 65];
const PINCHING: Finger = [45, 45];

/** What a made-up hand does with its fingers. */
export interface HandPose {
  readonly thumb: 'out' | 'across' | 'up' | 'at index';
  readonly index: Finger;
  readonly middle: Finger;
  readonly ring: Finger;
  readonly little: Finger;
  /** Between neighbouring fingers, degrees. Default 8. */
  readonly spreadDeg?: number;
}

const fingers = (index: Finger, middle: Finger, ring: Finger, little: Finger) => ({
  ...{ index, middle, ring, little },
});

/** A hand for every gesture, upright, and some that show none. */
export const POSES = {
  open_palm: { thumb: 'out', ...fingers(STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT) },
  fist: { thumb: 'across', ...fingers(BENT, BENT, BENT, BENT) },
  point: { thumb: 'across', ...fingers(STRAIGHT, BENT, BENT, BENT) },
  v_sign: { thumb: 'across', ...fingers(STRAIGHT, STRAIGHT, BENT, BENT), spreadDeg: 15 },
  thumb: { thumb: 'up', ...fingers(BENT, BENT, BENT, BENT) },
  ok: { thumb: 'at index', ...fingers(PINCHING, STRAIGHT, STRAIGHT, STRAIGHT) },
  call: { thumb: 'out', ...fingers(BENT, BENT, BENT, STRAIGHT) },
  four: { thumb: 'across', ...fingers(STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT) },
  claw: { thumb: 'out', ...fingers([0, 45], [0, 45], [0, 45], [0, 45]) },
} as const satisfies Readonly<Record<string, HandPose>>;

/** Where a made-up hand is, and how it is turned. */
export interface HandPlace {
  /** Turn in the picture, clockwise. Default 0: fingers up. */
  readonly rollDeg?: number;
  /** Turn about the upright axis. Default 0: the palm to the camera. */
  readonly yawDeg?: number;
  /** Which hand. Default right. */
  readonly isLeft?: boolean;
  /** Pixels per centimetre. Default 10. */
  readonly scale?: number;
  /** Place of the wrist, px. Default 200, 300. */
  readonly at?: readonly [x: number, y: number];
}

/** Landmarks of a hand with the palm 9 cm long. */
export function madeUpHand(pose: HandPose, place: HandPlace = {}): HandLandmarks {
  const { rollDeg = 0, yawDeg = 0, isLeft = false, scale = 10, at = [200, 300] } = place;
  const [roll, yaw] = [rollDeg * DEG, yawDeg * DEG];
  const points = new Float32Array(63);
  const worldPoints = new Float32Array(63);
  for (const [i, [x0, y0, z0]] of rightHandCm(pose).entries()) {
    const side = isLeft ? -x0 : x0;
    const x1 = side * Math.cos(yaw) - z0 * Math.sin(yaw);
    const z = side * Math.sin(yaw) + z0 * Math.cos(yaw);
    const x = x1 * Math.cos(roll) - y0 * Math.sin(roll);
    const y = x1 * Math.sin(roll) + y0 * Math.cos(roll);
    points.set([at[0] + scale * x, at[1] + scale * y, scale * z], i * 3);
    worldPoints.set([x / 100, y / 100, z / 100], i * 3);
  }
  return { space: 'px', points, worldPoints };
}

const DEG = Math.PI / 180;
/** Where the fingers begin, and how long their bones are, cm; x to the thumb, z from the camera. */
const FINGERS = [
  { name: 'index', knuckle: [2.4, -8.8, 0], bones: [4.2, 2.6, 2.2], turns: 1 },
  { name: 'middle', knuckle: [0.4, -9, 0], bones: [4.6, 2.9, 2.3], turns: 0 },
  { name: 'ring', knuckle: [-1.5, -8.5, 0], bones: [4.2, 2.7, 2.3], turns: -1 },
  { name: 'little', knuckle: [-3.2, -7.6, 0], bones: [3.3, 2, 1.9], turns: -2 },
] as const;

function rightHandCm(pose: HandPose): readonly Vector[] {
  const chains = FINGERS.map((finger) => fingerCm(finger, pose));
  const indexTip = chains[0]![3]!;
  const thumb: readonly Vector[] = {
    out: [[5, -5.5, -1] as const, [6.8, -7.6, -1] as const],
    across: [[3, -6.5, -2.5] as const, [0.4, -7, -3.2] as const],
    up: [[6.3, -5.2, -1] as const, [8.8, -5.6, -1] as const],
    'at index': [[4.2, -7, -3] as const, [indexTip[0] + 0.5, indexTip[1], indexTip[2]] as const],
  }[pose.thumb];
  return [[0, 0, 0], [2, -1.5, -0.5], [3.8, -3.6, -1], ...thumb, ...chains.flat()];
}

function fingerCm(
  { name, knuckle, bones, turns }: (typeof FINGERS)[number],
  pose: HandPose,
): readonly Vector[] {
  const [knuckleDeg, jointDeg] = pose[name];
  const aside = turns * (pose.spreadDeg ?? 8) * DEG;
  const chain: Vector[] = [knuckle];
  for (const [i, length] of bones.entries()) {
    const bend = (knuckleDeg + i * jointDeg) * DEG;
    const [x, y, z] = chain[i]!;
    const forth = Math.cos(bend) * length;
    // Bent fingers close towards the camera, which the palm faces.
    chain.push([
      x + Math.sin(aside) * forth,
      y - Math.cos(aside) * forth,
      z - Math.sin(bend) * length,
    ]);
  }
  return chain;
}
