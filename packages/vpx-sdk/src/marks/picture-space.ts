import type { NormBox, PixelBox } from 'visualbase';
import type { MarkPoint } from 'visualpath';

/** A point in pixels of a picture. */
export type Xy = readonly [x: number, y: number];

/** Far outside of any picture, and small enough for exact arithmetic. */
const LIMIT_PX = 1e7;

/** Points and boxes of either space in pixels of one picture; undefined for those without a place. */
export class PictureSpace {
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  /** A point; undefined if a coordinate is no number. */
  point({ space, x, y }: MarkPoint): Xy | undefined {
    const isNorm = space === 'norm';
    const px = x * (isNorm ? this.width : 1);
    const py = y * (isNorm ? this.height : 1);
    return Number.isNaN(px) || Number.isNaN(py) ? undefined : [limit(px), limit(py)];
  }

  /** A box, rounded to whole pixels; undefined if it has none in the picture. */
  box({ space, x1, y1, x2, y2 }: PixelBox | NormBox): PixelBox | undefined {
    const from = this.point({ space, x: x1, y: y1 });
    const to = this.point({ space, x: x2, y: y2 });
    if (from === undefined || to === undefined) return undefined;
    const [left, top] = from.map(Math.round) as [number, number];
    const [right, bottom] = to.map(Math.round) as [number, number];
    const isSeen =
      right > left &&
      bottom > top &&
      right > 0 &&
      bottom > 0 &&
      left < this.width &&
      top < this.height;
    return isSeen ? { space: 'px', x1: left, y1: top, x2: right, y2: bottom } : undefined;
  }

  /** Whether a point lies in the picture. */
  holds([x, y]: Xy): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }
}

const limit = (px: number): number => Math.max(-LIMIT_PX, Math.min(LIMIT_PX, px));
