import { describe, expect, it } from 'vitest';
import { COCO_KEYPOINTS } from 'vpx-sdk';
import { cocoView } from '../src/index.ts';
import { LANDMARK, landmarksOf, type Joint } from './support/stick-body.ts';

const jointOf = (name: string): Joint =>
  name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase()) as Joint;

describe('cocoView', () => {
  it('takes each of the 17 keypoints from the landmark of its name', () => {
    const landmarks = landmarksOf({}, ['leftWrist']);
    const { points } = cocoView(landmarks);
    expect(Object.keys(points)).toEqual(COCO_KEYPOINTS);
    for (const name of COCO_KEYPOINTS) {
      const at = LANDMARK[jointOf(name)];
      expect(points[name]).toEqual({
        x: landmarks.points[at * 3],
        y: landmarks.points[at * 3 + 1],
        visibility: landmarks.visibility[at],
      });
    }
  });
});
