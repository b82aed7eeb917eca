import { describe, expect, it } from 'vitest';
import { refineByHeatmap } from '../src/model/refine-by-heatmap.ts';

const SIZE = 16;
const POINTS = 3;

/** A heatmap with one bump, for point 1. */
function bumpAt(column: number, row: number, logit: number) {
  const logits = new Float32Array(SIZE * SIZE * POINTS).fill(-20);
  logits[(row * SIZE + column) * POINTS + 1] = logit;
  return { logits, sizePx: SIZE, pointCount: POINTS };
}

describe('refineByHeatmap', () => {
  it('moves a point to the confidence near it', () => {
    const [x, y] = refineByHeatmap(bumpAt(9, 6, 5), 1, 8.2 / SIZE, 7.9 / SIZE);
    expect(x * SIZE).toBeCloseTo(9, 3);
    expect(y * SIZE).toBeCloseTo(6, 3);
  });

  it('takes the mean of two places, by their confidence', () => {
    const heatmap = bumpAt(9, 6, 5);
    heatmap.logits[(6 * SIZE + 8) * POINTS + 1] = 5;
    expect(refineByHeatmap(heatmap, 1, 8.5 / SIZE, 6.5 / SIZE)[0] * SIZE).toBeCloseTo(8.5, 3);
  });

  it.each([
    ['the heatmap is not sure', bumpAt(9, 6, -0.1), 0.5, 0.5],
    ['the confidence is out of reach', bumpAt(14, 6, 5), 0.5, 0.5],
    ['the point lies outside', bumpAt(0, 6, 5), -0.1, 0.4],
  ])('leaves a point where it is if %s', (_why, heatmap, x, y) => {
    expect(refineByHeatmap(heatmap, 1, x, y)).toEqual([x, y]);
  });
});
