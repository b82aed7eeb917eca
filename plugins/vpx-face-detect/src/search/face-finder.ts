import {
  iou,
  searchTiles,
  SsdDetector,
  type CatalogueDetector,
  type Detection,
  type ImageRegion,
  type InferenceEngine,
  type NormBox,
  type PixelBox,
  type RgbImage,
} from 'vpx-sdk';
import { hasMiddleIn, regionOfInterest } from './search-region.ts';

/**
 * A face this large, in parts of the longer side of the picture, is found reliably by the detector.
 * Measured with the full-range model on a class of four: of 60 faces in tiles, all were found from 0.062
 * of the side on, 48 where the smallest were 0.05, and 9 where all were below 0.07.
 */
const FINDABLE_SHARE = 0.07;
/**
 * The closer look shows a face at this part of its side. Of 60 faces of 20 to 30 px, 59 passed it; at
 * 0.25, which shows less around them, 50.
 */
const CLOSE_SHARE = 0.18;
/** Least score of what is worth the closer look, in parts of the least score of a face. */
const CANDIDATE_SHARE = 0.6;
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
  /** Least score of a face, 0..1. */
  readonly minConfidence: number;
}

/** Finds the faces of single frames. */
export class FaceFinder {
  readonly #detector: SsdDetector;
  readonly #options: FaceFinderOptions;

  private constructor(detector: SsdDetector, options: FaceFinderOptions) {
    this.#detector = detector;
    this.#options = options;
  }

  /** Loads the detector into an engine. */
  static async load(
    engine: InferenceEngine,
    model: CatalogueDetector,
    options: FaceFinderOptions,
  ): Promise<FaceFinder> {
    const { minFacePx, minConfidence } = options;
    const least = minFacePx === undefined ? minConfidence : minConfidence * CANDIDATE_SHARE;
    return new FaceFinder(
      await SsdDetector.load(engine, model, { scoreThreshold: least }),
      options,
    );
  }

  /** Where faces are looked for. @throws `VPX_ROI_OUTSIDE`. */
  regionIn(image: Pick<RgbImage, 'width' | 'height'>): ImageRegion {
    return regionOfInterest(this.#options.roi, image);
  }

  /** The faces, in pixels of the whole picture, highest score first. @throws `VPX_ROI_OUTSIDE`. */
  async find(image: RgbImage, signal: AbortSignal): Promise<readonly Detection[]> {
    const region = this.regionIn(image);
    const [inWhole] = await this.#detector.detectIn(image, [region], signal);
    const { minFacePx, minConfidence } = this.#options;
    const found = inWhole!.filter(
      ({ score, box }) => score >= minConfidence && hasMiddleIn(region, box),
    );
    const tiles = minFacePx === undefined ? [] : searchTiles(region, minFacePx / FINDABLE_SHARE);
    if (tiles.length === 0) return found;
    const inTiles = await this.#detector.detectIn(image, tiles, signal);
    const candidates = inTiles.flatMap((detections, i) =>
      detections.filter(({ box }) => !isCut(box, tiles[i]!, region) && hasMiddleIn(region, box)),
    );
    const fresh = distinct(candidates).filter(({ box }) =>
      found.every((known) => !isSame(known.box, box)),
    );
    const seen = await this.#lookCloser(image, fresh, signal);
    return distinct([...found, ...seen.filter(({ box }) => hasMiddleIn(region, box))]);
  }

  /** Of things that a tile took for faces, those that still look like one from close by. */
  async #lookCloser(
    image: RgbImage,
    candidates: readonly Detection[],
    signal: AbortSignal,
  ): Promise<readonly Detection[]> {
    const regions = candidates.map(({ box }) => {
      const side = (box.x2 - box.x1) / CLOSE_SHARE;
      const [x, y] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
      const corners = { x1: x - side / 2, y1: y - side / 2, x2: x + side / 2, y2: y + side / 2 };
      return regionOfInterest({ space: 'px', ...corners }, image);
    });
    const inRegions = await this.#detector.detectIn(image, regions, signal);
    return candidates.flatMap(({ box }, i) => {
      const same = inRegions[i]!.find((detection) => isSame(detection.box, box));
      return same !== undefined && same.score >= this.#options.minConfidence ? [same] : [];
    });
  }
}

/** True where a tile ends within a face, and another shows more of it. */
function isCut(box: PixelBox, tile: ImageRegion, region: ImageRegion): boolean {
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
