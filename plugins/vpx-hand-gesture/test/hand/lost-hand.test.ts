import { describe, expect, it } from 'vitest';
import type { Detection } from 'vpx-sdk';
import { newHand } from '../../src/hand/followed-hand.ts';
import { boundsOfLandmarks, palmSizePx, regionOfLandmarks } from '../../src/hand/hand-region.ts';
import { placesToSeek } from '../../src/hand/lost-hand.ts';
import { madeUpHand, POSES } from '../support/made-up-hand.ts';

const landmarks = madeUpHand(POSES.open_palm, { rollDeg: 20, yawDeg: 0, isLeft: false, scale: 8 });
const { points } = landmarks;
const roi = regionOfLandmarks(points);

function lostAfter(frameCount: number) {
  const reading = {
    landmarks,
    presence: 0.9,
    rightness: 1,
  } as const;
  const hand = newHand(reading, 0);
  hand.motion = { x: 10, y: -4 };
  return { hand, seenNs: 0, frameCount };
}

/** A palm at the place of the hand's, moved along x by so many sizes of it. */
function palmAt(sizes: number, score: number): Detection {
  const dx = sizes * palmSizePx(points);
  const keypoints = [0, 5, 9, 13, 17, 1, 2].map((at) => ({
    x: points[at * 3]! + dx,
    y: points[at * 3 + 1]!,
  }));
  const { x1, x2, ...box } = boundsOfLandmarks(points);
  return { score, box: { ...box, x1: x1 + dx, x2: x2 + dx }, keypoints };
}

describe('placesToSeek', () => {
  it('looks where the hand would be if it went on, for two frames at most', () => {
    const [first] = placesToSeek(lostAfter(1), []);
    expect(first).toEqual({ roi: { ...roi, cx: roi.cx + 10, cy: roi.cy - 4 }, palmScore: 0 });
    const [second] = placesToSeek(lostAfter(2), []);
    expect(second?.roi).toMatchObject({ cx: roi.cx + 20, cy: roi.cy - 8 });
    expect(placesToSeek(lostAfter(5), [])[0]).toEqual(second);
  });

  it('looks in a wider region for a hand that slows down', () => {
    const [, wider] = placesToSeek(lostAfter(1), []);
    expect(wider?.roi.width).toBeGreaterThan(roi.width);
    expect(wider?.roi.cx).toBeCloseTo(roi.cx + 5, 6);
  });

  it('looks at palms within reach, however weak, and at none beyond', () => {
    const places = placesToSeek(lostAfter(1), [palmAt(2.5, 0.12), palmAt(3.5, 0.9)]);
    expect(places.slice(2).map(({ palmScore }) => palmScore)).toEqual([0.12]);
  });
});
