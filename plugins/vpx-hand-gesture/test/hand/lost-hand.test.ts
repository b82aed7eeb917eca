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
  it('looks in the first frame where the hand would be if it went on, and in a wider region', () => {
    const [onward, wider] = placesToSeek(lostAfter(1), []);
    expect(onward).toEqual({ roi: { ...roi, cx: roi.cx + 10, cy: roi.cy - 4 }, palmScore: 0 });
    expect(wider?.roi.width).toBeGreaterThan(roi.width);
    expect(wider?.roi.cx).toBeCloseTo(roi.cx + 5, 6);
    expect(placesToSeek(lostAfter(2), [])).toEqual([]);
  });

  it('looks first at palms within reach, likeliest first and however weak, and ever further', () => {
    const palms = [palmAt(2.5, 0.12), palmAt(3.5, 0.9), palmAt(1, 0.4), palmAt(6, 0.8)];
    const scoresAfter = (frameCount: number) =>
      placesToSeek(lostAfter(frameCount), palms).map(({ palmScore }) => palmScore);
    expect(scoresAfter(1)).toEqual([0.4, 0.12, 0, 0]);
    expect(scoresAfter(2)).toEqual([0.9, 0.4, 0.12]);
  });
});
