import { describe, expect, it } from 'vitest';
import { roiToPixels } from 'vpx-sdk';
import { regionOfCircle } from '../../src/follow/pose-region.ts';

describe('regionOfCircle', () => {
  it.each([
    [100, 40],
    [160, 100],
    [100, 160],
    [58, 58],
  ])('has the rim (%d, %d) straight above the centre, at two fifths of its side', (x, y) => {
    const centre = { x: 100, y: 100 };
    const roi = regionOfCircle(centre, { x, y });
    const rim = roiToPixels(roi, 1, 0.5, 0.1);
    expect(rim.x).toBeCloseTo(x, 6);
    expect(rim.y).toBeCloseTo(y, 6);
    expect(roiToPixels(roi, 1, 0.5, 0.5)).toEqual(centre);
  });
});
