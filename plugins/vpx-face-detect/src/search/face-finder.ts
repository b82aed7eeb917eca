import {
  iou,
  type Detection,
  type NormBox,
  type PixelBox,
  type RgbImage,
  type SsdDetector,
} from 'vpx-sdk';
import { hasMiddleIn, regionOfInterest, viewOf, type SearchRegion } from './search-region.ts';
import { searchTiles } from './search-tiles.ts';

/** Tiles that go through the detector in one inference; more need more memory and are no quicker. */
const TILES_AT_ONCE = 4;
/** A detection that comes this close to the border of its tile, in parts of its own size, is cut. */
const CUT_MARGIN = 0.05;
/** Two detections that overlap by this much (IoU) are one face ... */
const SAME_FACE_IOU = 0.3;
/** ... and so are two of which the smaller lies within the larger by this share of its area. */
const SAME_FACE_WITHIN = 0.6;

/** Options of {@link FaceFinder}. */
export interface FaceFinderOptions {
  readonly roi: NormBox | PixelBox | undefined;
  /** Smallest face to look for in tiles; undefined: look at the whole only. */
  readonly minFacePx: number | undefined;
}

/** Finds the faces of single frames. */
export class FaceFinder {
  readonly #detector: SsdDetector;
  readonly #options: FaceFinderOptions;

  constructor(detector: SsdDetector, options: FaceFinderOptions) {
    this.#detector = detector;
    this.#options = options;
  }

  /** Where faces are looked for. @throws `VPX_ROI_OUTSIDE`. */
  regionIn(image: Pick<RgbImage, 'width' | 'height'>): SearchRegion {
    return regionOfInterest(this.#options.roi, image);
  }

  /** The faces, in pixels of the whole picture, highest score first. @throws `VPX_ROI_OUTSIDE`. */
  async find(image: RgbImage, signal: AbortSignal): Promise<readonly Detection[]> {
    const region = this.regionIn(image);
    const [inWhole] = await this.#detector.detect([viewOf(image, region)], signal);
    const found = inWhole!
      .map((detection) => move(detection, region))
      .filter(({ box }) => hasMiddleIn(region, box));
    const { minFacePx } = this.#options;
    const tiles = minFacePx === undefined ? [] : searchTiles(region, minFacePx);
    if (tiles.length === 0) return found;
    for (let at = 0; at < tiles.length; at += TILES_AT_ONCE) {
      const some = tiles.slice(at, at + TILES_AT_ONCE);
      const views = some.map((tile) => viewOf(image, tile));
      const inTiles = await this.#detector.detect(views, signal);
      for (const [i, detections] of inTiles.entries()) {
        for (const detection of detections) {
          const moved = move(detection, some[i]!);
          if (!isCut(moved.box, some[i]!, region)) found.push(moved);
        }
      }
    }
    return distinct(found);
  }
}

function move({ score, box, keypoints }: Detection, { left, top }: SearchRegion): Detection {
  return {
    score,
    box: {
      space: 'px',
      x1: box.x1 + left,
      y1: box.y1 + top,
      x2: box.x2 + left,
      y2: box.y2 + top,
    },
    keypoints: keypoints.map(({ x, y }) => ({ x: x + left, y: y + top })),
  };
}

/** True where a tile ends within a face, and another shows more of it. */
function isCut(box: PixelBox, tile: SearchRegion, region: SearchRegion): boolean {
  const margin = CUT_MARGIN * (box.x2 - box.x1);
  const [right, bottom] = [tile.left + tile.width, tile.top + tile.height];
  return (
    (tile.left > region.left && box.x1 < tile.left + margin) ||
    (tile.top > region.top && box.y1 < tile.top + margin) ||
    (right < region.left + region.width && box.x2 > right - margin) ||
    (bottom < region.top + region.height && box.y2 > bottom - margin)
  );
}

/** Of detections of one face the most certain. */
function distinct(detections: readonly Detection[]): readonly Detection[] {
  const kept: Detection[] = [];
  for (const detection of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => !isSame(box, detection.box))) kept.push(detection);
  }
  return kept;
}

function isSame(a: PixelBox, b: PixelBox): boolean {
  const overlap = iou(a, b);
  if (overlap > SAME_FACE_IOU) return true;
  const [areaA, areaB] = [areaOf(a), areaOf(b)];
  const shared = (overlap * (areaA + areaB)) / (1 + overlap);
  return shared > SAME_FACE_WITHIN * Math.min(areaA, areaB);
}

const areaOf = (box: PixelBox): number => (box.x2 - box.x1) * (box.y2 - box.y1);
