import type { PixelBox, Point } from 'vpx-sdk';

/** Corners of an upright box. */
export type Corners = Pick<PixelBox, 'x1' | 'y1' | 'x2' | 'y2'>;

/** The smallest upright box around points. */
export function boundingBox(points: readonly Point[]): Corners {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}
