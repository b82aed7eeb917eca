import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection, RotatedRoi } from 'vpx-sdk';
import {
  boundsOfLandmarks,
  distanceOfPalms,
  distanceToPalm,
  motionOf,
  regionOfLandmarks,
  regionOfPalm,
  sharedBox,
} from '../../src/hand/hand-region.ts';
import { madeUpHand, POSES } from '../support/made-up-hand.ts';

const PALM_LANDMARKS = [0, 5, 9, 13, 17, 1, 2];

/** A palm as the detector gives it for a hand. */
function palmOf(points: Float32Array): Detection {
  const keypoints = PALM_LANDMARKS.map((at) => ({ x: points[at * 3]!, y: points[at * 3 + 1]! }));
  const around = boundsOfLandmarks(Float32Array.from(keypoints.flatMap(({ x, y }) => [x, y, 0])));
  const [cx, cy] = [(around.x1 + around.x2) / 2, (around.y1 + around.y2) / 2];
  // The detector's boxes are square.
  const half = Math.max(around.x2 - around.x1, around.y2 - around.y1) / 2;
  const box = { space: 'px', x1: cx - half, y1: cy - half, x2: cx + half, y2: cy + half } as const;
  return { score: 0.9, box, keypoints };
}

/** Where a landmark lies in a region, 0..1 along its own axes. */
function within(
  { cx, cy, width, height, rotationRad }: RotatedRoi,
  points: Float32Array,
  at: number,
) {
  const [dx, dy] = [points[at * 3]! - cx, points[at * 3 + 1]! - cy];
  const [cos, sin] = [Math.cos(rotationRad), Math.sin(rotationRad)];
  return { x: 0.5 + (dx * cos + dy * sin) / width, y: 0.5 + (dy * cos - dx * sin) / height };
}

const place = fc.record({
  rollDeg: fc.integer({ min: -180, max: 180 }),
  yawDeg: fc.integer({ min: -25, max: 25 }),
  isLeft: fc.boolean(),
  scale: fc.double({ min: 2, max: 40, noNaN: true }),
});

describe.each([
  ['regionOfPalm', (points: Float32Array) => regionOfPalm(palmOf(points))],
  ['regionOfLandmarks', (points: Float32Array) => regionOfLandmarks(points)],
])('%s', (_, regionOf) => {
  it('holds the whole hand with its fingers up, however it is turned', () => {
    fc.assert(
      fc.property(place, (where) => {
        const { points } = madeUpHand(POSES.open_palm, where);
        const region = regionOf(points);
        for (let at = 0; at < 21; at++) {
          const { x, y } = within(region, points, at);
          expect(x > 0 && x < 1 && y > 0 && y < 1).toBe(true);
        }
        expect(within(region, points, 12).y).toBeLessThan(within(region, points, 0).y - 0.3);
      }),
    );
  });

  it('does not change in the turned hand, but for the turn', () => {
    const { points } = madeUpHand(POSES.open_palm);
    const upright = regionOf(points);
    expect(Math.abs(upright.rotationRad)).toBeLessThan(0.2);
    expect(upright.width).toBe(upright.height);
    const { points: turned } = madeUpHand(POSES.open_palm, { rollDeg: 90 });
    const quarter = regionOf(turned).rotationRad - upright.rotationRad;
    expect(Math.cos(quarter - Math.PI / 2)).toBeCloseTo(1, 5);
  });
});

describe('distances of palms', () => {
  const { points } = madeUpHand(POSES.fist);
  const { points: open } = madeUpHand(POSES.open_palm);

  it('do not see the fingers', () => {
    expect(distanceOfPalms(points, open)).toBeLessThan(0.01);
    expect(distanceToPalm(points, palmOf(open))).toBeLessThan(0.01);
  });

  it('are in sizes of the palm', () => {
    const { points: aside } = madeUpHand(POSES.fist, { at: [290, 300] });
    expect(distanceOfPalms(points, aside)).toBeCloseTo(1, 1);
    expect(motionOf(points, aside).x).toBeCloseTo(90, 3);
    expect(motionOf(points, aside).y).toBeCloseTo(0, 3);
  });
});

describe('sharedBox', () => {
  it('is the share of the smaller box that lies within the other, whichever comes first', () => {
    fc.assert(
      fc.property(place, fc.double({ min: 0, max: 2, noNaN: true }), (where, shift) => {
        const { points } = madeUpHand(POSES.open_palm, where);
        const { x1, x2 } = boundsOfLandmarks(points);
        const moved = points.map((value, i) => (i % 3 === 0 ? value + shift * (x2 - x1) : value));
        expect(sharedBox(points, moved)).toBeCloseTo(Math.max(0, 1 - shift), 3);
        expect(sharedBox(moved, points)).toBeCloseTo(Math.max(0, 1 - shift), 3);
        const half = points.map((value) => value / 2);
        const shrunk = half.map((value, i) => value + points[i % 3]! / 2);
        expect(sharedBox(points, shrunk)).toBeCloseTo(1, 3);
      }),
    );
  });
});
