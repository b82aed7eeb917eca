import type { ImageRegion } from '../image/image-region.ts';

/** Each size of tiles finds things down to this part of those of the size before. */
const MAX_STEP = 2.5;
/** Whatever is too small for the size before fits whole into the strip that two tiles share. */
const OVERLAP = 0.25;

/**
 * The parts of a region in which to look for things that are too small for a detector in the whole:
 * overlapping tiles, of one size or of several, the last with sides of `smallestSidePx`. Empty if the
 * region is no longer than that.
 */
export function searchTiles(region: ImageRegion, smallestSidePx: number): readonly ImageRegion[] {
  const longest = Math.max(region.width, region.height);
  if (smallestSidePx >= longest) return [];
  const levelCount = Math.ceil(Math.log(longest / smallestSidePx) / Math.log(MAX_STEP));
  const tiles: ImageRegion[] = [];
  for (let level = 1; level <= levelCount; level++) {
    const side = Math.round(longest * (smallestSidePx / longest) ** (level / levelCount));
    const width = Math.min(side, region.width);
    const height = Math.min(side, region.height);
    for (const top of starts(region.height, height)) {
      for (const left of starts(region.width, width)) {
        tiles.push({ left: region.left + left, top: region.top + top, width, height });
      }
    }
  }
  return tiles;
}

/** Where tiles of `size` begin along `length`, evenly. */
function starts(length: number, size: number): readonly number[] {
  if (size >= length) return [0];
  const count = Math.ceil((length - size * OVERLAP) / (size * (1 - OVERLAP)));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - size)) / (count - 1)));
}
