import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureFace, type FaceMeasures } from '../../src/index.ts';
import { meshWith, SMILE } from '../support/faces.ts';

interface Turn {
  readonly rollRad: number;
  readonly yawRad: number;
  readonly pitchRad: number;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

function moved(points: Float32Array, turn: Turn): Float32Array {
  const { rollRad, yawRad, pitchRad, scale, dx, dy } = turn;
  const out = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [points[i]!, points[i + 1]!, points[i + 2]!];
    const x1 = x * Math.cos(yawRad) - z * Math.sin(yawRad);
    const z1 = x * Math.sin(yawRad) + z * Math.cos(yawRad);
    const y2 = y * Math.cos(pitchRad) - z1 * Math.sin(pitchRad);
    const z2 = y * Math.sin(pitchRad) + z1 * Math.cos(pitchRad);
    out[i] = dx + scale * (x1 * Math.cos(rollRad) - y2 * Math.sin(rollRad));
    out[i + 1] = dy + scale * (x1 * Math.sin(rollRad) + y2 * Math.cos(rollRad));
    out[i + 2] = scale * z2;
  }
  return out;
}

it('measures a face alike whatever its size, place and turn', () => {
  const angle = fc.double({ min: -0.9, max: 0.9, noNaN: true });
  const shift = fc.integer({ min: -500, max: 500 });
  const turns = fc.record({
    ...{ rollRad: angle, yawRad: angle, pitchRad: angle, dx: shift, dy: shift },
    scale: fc.double({ min: 0.2, max: 4, noNaN: true }),
  });
  const points = meshWith({ ...SMILE, gap: 12, rightLids: 3, brows: 27 });
  const before = measureFace(points);
  fc.assert(
    fc.property(turns, (turn) => {
      const after = measureFace(moved(points, turn));
      for (const key of Object.keys(before) as (keyof FaceMeasures)[]) {
        expect(after[key], key).toBeCloseTo(before[key], 2);
      }
    }),
  );
});

it('measures brows by their height over the eyes and the gap between them', () => {
  const at = (brows: number, browGap: number) =>
    measureFace(meshWith({ ...SMILE, brows, browGap }));
  expect(at(24, 27).browHeight).toBeCloseTo(0.24);
  expect(at(30, 27).browHeight).toBeCloseTo(0.3);
  expect(at(24, 20).browGap).toBeCloseTo(0.2);
});
