import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headAxes, headPoseOf } from '../../src/mesh/head-pose.ts';

const headPoseFromMesh = (points: Float32Array) => headPoseOf(headAxes(points));

/** A stick face that looks at the camera: the landmarks that the pose is read from. */
const FACE: readonly (readonly [number, readonly [number, number, number]])[] = [
  [33, [-45, -20, 0]],
  [263, [45, -20, 0]],
  [133, [-18, -20, -3]],
  [362, [18, -20, -3]],
  [234, [-70, 0, 50]],
  [454, [70, 0, 50]],
  [127, [-68, -25, 45]],
  [356, [68, -25, 45]],
  [10, [0, -80, 0]],
  [2, [0, 30, 0]],
  [151, [0, -60, 0]],
  [164, [0, 40, 0]],
];

const RAD = Math.PI / 180;

/** Turns the face: pitch first, then yaw, then roll, as the angles are read. */
function turned(yawDeg: number, pitchDeg: number, rollDeg: number, scale = 1): Float32Array {
  const [yaw, pitch, roll] = [yawDeg * RAD, pitchDeg * RAD, rollDeg * RAD];
  const points = new Float32Array(468 * 3);
  for (const [at, [x0, y0, z0]] of FACE) {
    const y1 = y0 * Math.cos(pitch) + z0 * Math.sin(pitch);
    const z1 = -y0 * Math.sin(pitch) + z0 * Math.cos(pitch);
    const x2 = x0 * Math.cos(yaw) - z1 * Math.sin(yaw);
    const z2 = x0 * Math.sin(yaw) + z1 * Math.cos(yaw);
    const x3 = x2 * Math.cos(roll) - y1 * Math.sin(roll);
    const y3 = x2 * Math.sin(roll) + y1 * Math.cos(roll);
    points.set([200 + x3 * scale, 150 + y3 * scale, z2 * scale], at * 3);
  }
  return points;
}

const level = headPoseFromMesh(turned(0, 0, 0)).pitchDeg;

describe('headPoseOf', () => {
  it.each([
    ['to the right of the picture', [30, 0, 0]],
    ['to the left', [-40, 0, 0]],
    ['up', [0, 25, 0]],
    ['down', [0, -20, 0]],
    ['tilted clockwise', [0, 0, 35]],
    ['tilted the other way', [0, 0, -60]],
  ] as const)('reads a head turned %s', (_what, [yaw, pitch, roll]) => {
    const pose = headPoseFromMesh(turned(yaw, pitch, roll));
    expect(pose.yawDeg).toBeCloseTo(yaw, 2);
    expect(pose.pitchDeg - level).toBeCloseTo(pitch, 2);
    expect(pose.rollDeg).toBeCloseTo(roll, 2);
  });

  it('does not depend on the size of the face', () => {
    const angle = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        angle,
        angle,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (yaw, pitch, scale) => {
          const [a, b] = [
            headPoseFromMesh(turned(yaw, pitch, 0)),
            headPoseFromMesh(turned(yaw, pitch, 0, scale)),
          ];
          expect(b.yawDeg).toBeCloseTo(a.yawDeg, 2);
          expect(b.pitchDeg).toBeCloseTo(a.pitchDeg, 2);
        },
      ),
    );
  });
});
