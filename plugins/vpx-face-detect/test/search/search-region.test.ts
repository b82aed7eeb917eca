import { describe, expect, it } from 'vitest';
import { hasMiddleIn, regionOfInterest } from '../../src/search/search-region.ts';

const FRAME = { width: 200, height: 100 };

describe('regionOfInterest', () => {
  it('is the whole frame unless told otherwise', () => {
    expect(regionOfInterest(undefined, FRAME)).toEqual({
      left: 0,
      top: 0,
      width: 200,
      height: 100,
    });
  });

  it('takes fractions and pixels, rounds outwards and stops at the border', () => {
    const half = regionOfInterest({ space: 'norm', x1: 0.5, y1: 0, x2: 1, y2: 0.333 }, FRAME);
    expect(half).toEqual({ left: 100, top: 0, width: 100, height: 34 });
    const corner = regionOfInterest({ space: 'px', x1: 150.5, y1: 20, x2: 900, y2: 40 }, FRAME);
    expect(corner).toEqual({ left: 150, top: 20, width: 50, height: 20 });
  });

  it('refuses a region outside of the frame', () => {
    expect(() => regionOfInterest({ space: 'px', x1: 200, y1: 0, x2: 300, y2: 50 }, FRAME)).toThrow(
      expect.objectContaining({ code: 'VPX_ROI_OUTSIDE' }) as Error,
    );
  });

  it('counts a box where its middle is', () => {
    const region = { left: 100, top: 0, width: 100, height: 100 };
    expect(hasMiddleIn(region, { space: 'px', x1: 90, y1: 10, x2: 120, y2: 40 })).toBe(true);
    expect(hasMiddleIn(region, { space: 'px', x1: 70, y1: 10, x2: 120, y2: 40 })).toBe(false);
  });
});
