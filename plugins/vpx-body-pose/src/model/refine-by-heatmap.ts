import { sigmoid } from 'vpx-sdk';

// The window and the threshold of MediaPipe's RefineLandmarksFromHeatmapCalculator for poses.
const REACH = 4;
const MIN_CONFIDENCE = 0.5;

/** Logits of where each point is: row-major, the points last. */
export interface Heatmap {
  readonly logits: Float32Array;
  readonly sizePx: number;
  readonly pointCount: number;
}

/**
 * Moves a point to the centre of the confidence around it, where the heatmap is sure enough.
 *
 * @param x - 0..1 of the region, as the result.
 */
export function refineByHeatmap(
  { logits, sizePx, pointCount }: Heatmap,
  point: number,
  x: number,
  y: number,
): readonly [x: number, y: number] {
  const column = Math.trunc(x * sizePx);
  const row = Math.trunc(y * sizePx);
  if (!(column >= 0 && column < sizePx && row >= 0 && row < sizePx)) return [x, y];
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  let best = 0;
  for (let r = Math.max(0, row - REACH); r <= Math.min(sizePx - 1, row + REACH); r++) {
    for (let c = Math.max(0, column - REACH); c <= Math.min(sizePx - 1, column + REACH); c++) {
      const confidence = sigmoid(logits[(r * sizePx + c) * pointCount + point]!);
      sum += confidence;
      sumX += confidence * c;
      sumY += confidence * r;
      if (confidence > best) best = confidence;
    }
  }
  if (best < MIN_CONFIDENCE) return [x, y];
  return [sumX / sum / sizePx, sumY / sum / sizePx];
}
