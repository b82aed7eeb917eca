import { describe, expect, it } from 'vitest';
import { leanDeg, torsoYawDeg } from '../../src/index.ts';
import { bodyOf, LANDMARK, landmarksOf } from '../support/stick-body.ts';

const DEG = Math.PI / 180;

/** The trunk leans by turning the shoulders about the middle of the hips. */
function leaning(degrees: number) {
  const [sin, cos] = [Math.sin(degrees * DEG), Math.cos(degrees * DEG)];
  const at = (across: number): readonly [number, number] => [
    200 + across * cos + 100 * sin,
    200 + across * sin - 100 * cos,
  ];
  return bodyOf({ leftShoulder: at(35), rightShoulder: at(-35) });
}

/** World landmarks of shoulders that are turned. */
function turned(degrees: number, hidden: readonly 'leftShoulder'[] = []) {
  const landmarks = landmarksOf({}, hidden);
  const [x, z] = [0.18 * Math.cos(degrees * DEG), 0.18 * Math.sin(degrees * DEG)];
  landmarks.worldM.set([x, -0.5, z], LANDMARK.leftShoulder * 3);
  landmarks.worldM.set([-x, -0.5, -z], LANDMARK.rightShoulder * 3);
  return landmarks;
}

describe('leanDeg', () => {
  it.each([0, 20, -35, 90])('reads %d degrees', (degrees) => {
    expect(leanDeg(leaning(degrees))).toBeCloseTo(degrees, 3);
  });

  it('is unknown while hips or shoulders are out of sight', () => {
    expect(leanDeg(bodyOf({}, ['leftHip']))).toBeUndefined();
    expect(leanDeg(bodyOf({}, ['rightShoulder']))).toBeUndefined();
  });
});

describe('torsoYawDeg', () => {
  it.each([0, 30, -60, 180])('reads %d degrees', (degrees) => {
    expect(Math.abs(torsoYawDeg(turned(degrees))!)).toBeCloseTo(Math.abs(degrees), 3);
    if (degrees !== 180) expect(torsoYawDeg(turned(degrees))).toBeCloseTo(degrees, 3);
  });

  it('is unknown while a shoulder is out of sight', () => {
    expect(torsoYawDeg(turned(10, ['leftShoulder']))).toBeUndefined();
  });
});
