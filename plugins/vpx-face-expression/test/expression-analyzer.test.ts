import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frame, type Face, type FaceDetectData, type Observation } from 'vpx-sdk';
import { ExpressionAnalyzer, measureFace } from '../src/index.ts';

type Point = readonly [x: number, y: number, z: number];

/** The landmarks that are measured, of a face with a given mouth; 100 px between the outer eye corners. */
function meshWith(mouth: {
  width: number;
  lift: number;
  gap?: number;
  lids?: number;
}): Float32Array {
  const { width, lift, gap = 1, lids = 9 } = mouth;
  const landmarks: readonly (readonly [number, Point])[] = [
    [33, [-50, 0, 0]],
    [133, [-20, 0, 0]],
    [263, [50, 0, 0]],
    [362, [20, 0, 0]],
    ...([159, 158] as const).map((at) => [at, [-35, -lids / 2, 0]] as const),
    ...([145, 153] as const).map((at) => [at, [-35, lids / 2, 0]] as const),
    ...([386, 385] as const).map((at) => [at, [35, -lids / 2, 0]] as const),
    ...([374, 380] as const).map((at) => [at, [35, lids / 2, 0]] as const),
    [10, [0, -80, 0]],
    [2, [0, 50, 0]],
    [0, [0, 65, 0]],
    [13, [0, 70, 0]],
    [14, [0, 70 + gap, 0]],
    [61, [-width / 2, 65 - lift, 0]],
    [291, [width / 2, 65 - lift, 0]],
  ];
  const points = new Float32Array(468 * 3);
  for (const [at, point] of landmarks) points.set(point, at * 3);
  return points;
}

const REST = { width: 57, lift: -6.5 };
const SMILE = { width: 70, lift: -3.5 };

const face = (trackId: number, points: Float32Array | undefined): Face =>
  ({ trackId, ...(points && { mesh: { space: 'px', points, presence: 1 } }) }) as Face;

function express(faces: readonly Face[]) {
  const frame = Frame.fromRgb({
    frameId: 0,
    tSrcNs: 0,
    width: 1,
    height: 1,
    data: new Uint8Array(3),
  });
  const data: FaceDetectData = { faces, widthPx: 1, heightPx: 1 };
  const observation: Observation<FaceDetectData> = {
    ...{ source: 'face.detect', frameId: 0, tNs: 0, signals: {}, metadata: {}, data },
  };
  return new ExpressionAnalyzer().process(frame, { 'face.detect': observation });
}

describe('ExpressionAnalyzer', () => {
  it('tells a smile from a face at rest', () => {
    expect(express([face(1, meshWith(REST))])?.signals?.['smile']).toBeLessThan(0.1);
    expect(express([face(1, meshWith(SMILE))])?.signals?.['smile']).toBeGreaterThan(0.9);
  });

  it('measures an open mouth and shut eyes', () => {
    const { signals } = express([face(1, meshWith({ ...REST, gap: 30, lids: 2 }))])!;
    expect(signals?.['mouth_opening']).toBeCloseTo(0.3);
    expect(signals?.['eye_opening']).toBeCloseTo(2 / 30);
  });

  it('matches expressions to faces by track id, and signals only what the main face shows', () => {
    const smiling = face(7, meshWith(SMILE));
    const resting = face(3, meshWith(REST));
    const { data, signals } = express([resting, smiling])!;
    expect(data?.expressions.map(({ trackId }) => trackId)).toEqual([3, 7]);
    expect(signals?.['smile']).toBe(data?.expressions[0]!.smile);
    // Another's smile must never pass for the main face's.
    expect(express([face(3, undefined), smiling])).toBeUndefined();
    expect(express([])).toBeUndefined();
  });
});

describe('measureFace', () => {
  it('does not depend on size, place, or turn of the face', () => {
    const angle = fc.double({ min: -0.9, max: 0.9, noNaN: true });
    const shift = fc.integer({ min: -500, max: 500 });
    const size = fc.double({ min: 0.2, max: 4, noNaN: true });
    fc.assert(
      fc.property(angle, angle, size, shift, shift, (roll, yaw, scale, dx, dy) => {
        const points = meshWith({ ...SMILE, gap: 12 });
        const moved = new Float32Array(points.length);
        for (let i = 0; i < points.length; i += 3) {
          const [x, y, z] = [points[i]!, points[i + 1]!, points[i + 2]!];
          const x1 = x * Math.cos(yaw) - z * Math.sin(yaw);
          const z1 = x * Math.sin(yaw) + z * Math.cos(yaw);
          moved[i] = dx + scale * (x1 * Math.cos(roll) - y * Math.sin(roll));
          moved[i + 1] = dy + scale * (x1 * Math.sin(roll) + y * Math.cos(roll));
          moved[i + 2] = scale * z1;
        }
        const [before, after] = [measureFace(points), measureFace(moved)];
        for (const key of Object.keys(before) as (keyof typeof before)[]) {
          expect(after[key]).toBeCloseTo(before[key], 2);
        }
      }),
    );
  });
});
