import type { NormBox, PixelBox } from 'visualbase';
import type { Detection } from './detection.ts';

/** Options of {@link nms} and {@link weightedNms}. */
export interface NmsOptions {
  /** Boxes that overlap by more than this (IoU, 0..1) are one thing. Default 0.3. */
  readonly iouThreshold?: number;
}

const DEFAULT_IOU_THRESHOLD = 0.3;

type Corners = Pick<PixelBox, 'x1' | 'y1' | 'x2' | 'y2'>;

/** Intersection over union of two boxes of one space, 0..1; 0 if neither has an area. */
export function iou(a: Corners, b: Corners): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (area(a) + area(b) - shared);
}

const area = (box: Corners): number => (box.x2 - box.x1) * (box.y2 - box.y1);

/**
 * Keeps of detections that overlap the one with the highest score.
 *
 * @returns A part of the input, highest score first, no two of which overlap by more than the
 * threshold; the same whatever the order of the input.
 */
export function nms<Box extends PixelBox | NormBox>(
  detections: readonly Detection<Box>[],
  options: NmsOptions = {},
): Detection<Box>[] {
  return groups(detections, options).map(([best]) => best);
}

/** Options of {@link weightedNms}. */
export interface WeightedNmsOptions extends NmsOptions {
  /**
   * Whether means that overlap although the best of their groups did not are one thing too. MediaPipe
   * takes them for two. Default true.
   */
  readonly isDistinct?: boolean;
  /**
   * Detections below this score have no part in the mean of a group whose best reaches it: the box is then the
   * same whatever the least score of a detection is. Default 0.
   */
  readonly minBlendScore?: number;
}

/**
 * Joins detections that overlap into one: its box and points are the mean of theirs, weighted by
 * score, its score is the highest. Steadier from frame to frame than {@link nms}.
 *
 * @returns Highest score first, no two overlapping by more than the threshold unless `isDistinct` is
 * false; the same whatever the order of the input.
 * @see BlazeFace, arXiv:1907.05047, section 3.4 (blending).
 */
export function weightedNms<Box extends PixelBox | NormBox>(
  detections: readonly Detection<Box>[],
  options: WeightedNmsOptions = {},
): Detection<Box>[] {
  const { minBlendScore = 0 } = options;
  const means = groups(detections, options).map((group) => blend(strongOf(group, minBlendScore)));
  return options.isDistinct === false ? means : nms(means, options);
}

type Group<Box extends PixelBox | NormBox> = readonly [Detection<Box>, ...Detection<Box>[]];

/** Groups around the best of what is left, again and again; the best comes first in its group. */
function groups<Box extends PixelBox | NormBox>(
  detections: readonly Detection<Box>[],
  { iouThreshold = DEFAULT_IOU_THRESHOLD }: NmsOptions,
): Group<Box>[] {
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
    throw new RangeError(`The \`iouThreshold\` option must be 0 to 1, got ${iouThreshold}.`);
  }
  const made: Group<Box>[] = [];
  let rest = detections.toSorted(byScore);
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const group: [Detection<Box>, ...Detection<Box>[]] = [best];
    const apart: Detection<Box>[] = [];
    for (const other of rest.slice(1)) {
      (iou(best.box, other.box) > iouThreshold ? group : apart).push(other);
    }
    made.push(group);
    rest = apart;
  }
  return made;
}

// Equal scores are ordered by place, so that the order of the input never matters.
function byScore(a: Detection<PixelBox | NormBox>, b: Detection<PixelBox | NormBox>): number {
  return (
    b.score - a.score ||
    a.box.x1 - b.box.x1 ||
    a.box.y1 - b.box.y1 ||
    a.box.x2 - b.box.x2 ||
    a.box.y2 - b.box.y2
  );
}

/** Of a group whose best reaches a score those that do; else all. */
function strongOf<Box extends PixelBox | NormBox>(group: Group<Box>, minScore: number): Group<Box> {
  const [best, ...others] = group;
  if (best.score < minScore) return group;
  return [best, ...others.filter(({ score }) => score >= minScore)];
}

function blend<Box extends PixelBox | NormBox>(group: Group<Box>): Detection<Box> {
  const [best] = group;
  if (group.length === 1) return best;
  const total = group.reduce((sum, { score }) => sum + score, 0);
  const mean = (pick: (detection: Detection<Box>) => number): number =>
    group.reduce((sum, detection) => sum + pick(detection) * detection.score, 0) / total;
  return {
    score: best.score,
    box: {
      ...best.box,
      x1: mean(({ box }) => box.x1),
      y1: mean(({ box }) => box.y1),
      x2: mean(({ box }) => box.x2),
      y2: mean(({ box }) => box.y2),
    },
    keypoints: best.keypoints.map((_, k) => ({
      x: mean(({ keypoints }) => keypoints[k]!.x),
      y: mean(({ keypoints }) => keypoints[k]!.y),
    })),
  };
}
