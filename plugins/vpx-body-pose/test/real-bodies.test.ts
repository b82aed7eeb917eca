import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handsRaised, leanDeg } from '../src/index.ts';
import { cocoKeypoints } from '../src/coco-view.ts';

interface Golden {
  readonly pictures: readonly {
    readonly video: string;
    readonly frame: number;
    readonly handsRaised: string;
    readonly points: readonly number[];
  }[];
}

/** Keypoints of people who stand and sign; the file says how they were found. */
const { pictures } = JSON.parse(
  readFileSync(new URL('./golden/signers.json', import.meta.url), 'utf8'),
) as Golden;

const bodyOf = (points: readonly number[]) =>
  cocoKeypoints((i) => ({
    x: points[i * 3]!,
    y: points[i * 3 + 1]!,
    visibility: points[i * 3 + 2]!,
  }));

describe('the measures of a real body', () => {
  it.each(pictures)('tell raised hands in frame $frame of $video', (picture) => {
    expect(handsRaised(bodyOf(picture.points))).toBe(picture.handsRaised);
  });

  it.each(pictures)('say that the signer of frame $frame of $video is upright', (picture) => {
    expect(Math.abs(leanDeg(bodyOf(picture.points))!)).toBeLessThan(5);
  });
});
