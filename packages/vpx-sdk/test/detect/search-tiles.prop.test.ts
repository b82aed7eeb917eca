import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchTiles } from '../../src/detect/search-tiles.ts';

const region = fc.record({
  left: fc.nat(500),
  top: fc.nat(500),
  width: fc.integer({ min: 50, max: 2000 }),
  height: fc.integer({ min: 50, max: 2000 }),
});

/** In parts of the longer side of a tile. */
const FINDABLE_SHARE = 0.07;
/** What sums of floats may be off by. */
const HAIR = 1e-6;

describe('searchTiles', () => {
  it('shows everything from the least size on whole, and large enough', () => {
    const place = fc.record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      y: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        region,
        fc.integer({ min: 12, max: 60 }),
        fc.double({ min: 1, max: 8, noNaN: true }),
        place,
        (area, leastPx, times, { x, y }) => {
          const size = leastPx * times;
          const { left, top, width, height } = area;
          fc.pre(size < Math.min(width, height));
          const thing = { x: left + x * (width - size), y: top + y * (height - size) };
          const shown = [area, ...searchTiles(area, leastPx / FINDABLE_SHARE)].some(
            (tile) =>
              thing.x >= tile.left &&
              thing.y >= tile.top &&
              thing.x + size <= tile.left + tile.width + HAIR &&
              thing.y + size <= tile.top + tile.height + HAIR &&
              // Tiles have whole pixels: a hair less than the share is as good.
              size / Math.max(tile.width, tile.height) >= FINDABLE_SHARE * 0.99,
          );
          expect(shown).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps all tiles within the region', () => {
    fc.assert(
      fc.property(region, fc.integer({ min: 20, max: 200 }), (area, leastPx) => {
        for (const tile of searchTiles(area, leastPx / FINDABLE_SHARE)) {
          expect(tile.left).toBeGreaterThanOrEqual(area.left);
          expect(tile.top).toBeGreaterThanOrEqual(area.top);
          expect(tile.left + tile.width).toBeLessThanOrEqual(area.left + area.width);
          expect(tile.top + tile.height).toBeLessThanOrEqual(area.top + area.height);
        }
      }),
    );
  });

  it('has none where the whole shows things large enough', () => {
    const area = { left: 0, top: 0, width: 480, height: 270 };
    expect(searchTiles(area, 34 / FINDABLE_SHARE)).toEqual([]);
    expect(searchTiles(area, 16 / FINDABLE_SHARE)).toHaveLength(6);
  });
});
