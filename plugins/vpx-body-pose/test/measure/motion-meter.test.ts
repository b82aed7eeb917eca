import { describe, expect, it } from 'vitest';
import { MotionMeter } from '../../src/measure/motion-meter.ts';
import { bodyOf, placed, type Joint } from '../support/stick-body.ts';

const SEC = 1e9;

function energies(
  fps: number,
  at: (sec: number) => ReturnType<typeof bodyOf>,
): readonly (number | undefined)[] {
  const meter = new MotionMeter();
  return Array.from({ length: fps * 2 }, (_, i) =>
    meter.update(at(i / fps), Math.round((i / fps) * SEC)),
  );
}

describe('MotionMeter', () => {
  it.each([10, 25, 30, 60])('reads a body that glides, at %d frames a second', (fps) => {
    // Half a trunk a second.
    const values = energies(fps, (sec) => placed(bodyOf(), 1, 50 * sec, 0));
    expect(values[0]).toBeUndefined();
    const known = values.filter((value) => value !== undefined);
    expect(known.length).toBeGreaterThan(fps);
    for (const value of known) expect(value).toBeCloseTo(0.5, 3);
  });

  it('reads nothing of a body at rest', () => {
    expect(energies(30, () => bodyOf()).at(-1)).toBe(0);
  });

  it('leaves out points that are not seen', () => {
    const hidden: Joint[] = ['leftWrist'];
    const values = energies(30, (sec) => bodyOf({ leftWrist: [sec * 1000, 0] }, hidden));
    expect(values.at(-1)).toBe(0);
  });

  it('starts anew after a gap, and when time goes back', () => {
    const meter = new MotionMeter();
    expect(meter.update(bodyOf(), 0)).toBeUndefined();
    expect(meter.update(bodyOf(), 2 * SEC)).toBeUndefined();
    expect(meter.update(bodyOf(), 2.2 * SEC)).toBe(0);
    expect(meter.update(bodyOf(), 1 * SEC)).toBeUndefined();
  });
});
