import { describe, expect, it } from 'vitest';
import { LandmarkSmoother } from '../../src/follow/landmark-smoother.ts';
import type { PoseLandmarks } from 'vpx-sdk';
import type { LocatedBody } from '../../src/model/pose-landmark-model.ts';
import { landmarksOf } from '../support/stick-body.ts';

const FPS = 30;

/** Within a circle of 400 px. */
const bodyWith = (landmarks: PoseLandmarks): LocatedBody => ({
  ...{ landmarks, presence: 1, centre: { x: 0, y: 200 }, rim: { x: 0, y: 0 } },
});

/** The x of the nose after smoothing, and what it was. */
function smoothed(at: (frame: number) => number) {
  const smoother = new LandmarkSmoother();
  return Array.from({ length: 60 }, (_, frame) => {
    const raw = at(frame);
    const landmarks = landmarksOf({ nose: [raw, 60] });
    return { raw, x: smoother.smooth(bodyWith(landmarks), (frame / FPS) * 1e9).points[0]! };
  });
}

describe('LandmarkSmoother', () => {
  it('starts where the landmark is', () => {
    expect(smoothed(() => 200)[0]!.x).toBe(200);
  });

  it('takes away most of the jitter of a body at rest', () => {
    const path = smoothed((frame) => 200 + (frame % 2 === 0 ? 1 : -1));
    for (const { x } of path.slice(10)) expect(Math.abs(x - 200)).toBeLessThan(0.5);
  });

  it('lags little behind a body in motion', () => {
    // Once the size of the body a second.
    const path = smoothed((frame) => 200 + (400 / FPS) * frame);
    for (const { raw, x } of path.slice(10)) expect(raw - x).toBeLessThan(3);
  });

  it('gives a frame that comes twice as it is', () => {
    const smoother = new LandmarkSmoother();
    const landmarks = landmarksOf();
    smoother.smooth(bodyWith(landmarks), 0);
    expect(smoother.smooth(bodyWith(landmarks), 0)).toBe(landmarks);
  });
});
