import type { Rgb } from './color.ts';

/** RGB pixels in memory that can be drawn on. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly data: Uint8Array;
}

/** How much of a pixel each of a row-major block of pixels takes of a colour, 0..255. */
export interface Mask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly coverage: Uint8Array;
}

/** A rectangle of whole pixels; `x2` and `y2` exclusive. */
export interface PixelRect {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * Draws on RGB pixels. Coordinates are pixels of the canvas, the middle of the first pixel at 0.5; what
 * lies outside is left out. They must be finite and below a thousand million.
 */
export class Painter {
  readonly #canvas: Canvas;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** @param opacity - 0 to 1. */
  fill(rect: PixelRect, [r, g, b]: Rgb, opacity = 1): void {
    const { width, height, strideBytes, data } = this.#canvas;
    const left = Math.max(0, rect.x1);
    const right = Math.min(width, rect.x2);
    const bottom = Math.min(height, rect.y2);
    const share = Math.round(opacity * 256);
    if (right <= left) return;
    for (let y = Math.max(0, rect.y1); y < bottom; y++) {
      let at = y * strideBytes + left * 3;
      for (let x = left; x < right; x++, at += 3) {
        data[at]! += ((r - data[at]!) * share) >> 8;
        data[at + 1]! += ((g - data[at + 1]!) * share) >> 8;
        data[at + 2]! += ((b - data[at + 2]!) * share) >> 8;
      }
    }
  }

  /** The rim of a rectangle, `thickness` wide, inwards. */
  frame(rect: PixelRect, thickness: number, color: Rgb, opacity = 1): void {
    const { x1, y1, x2, y2 } = rect;
    const across = Math.min(thickness, y2 - y1);
    const down = Math.min(thickness, x2 - x1);
    const middle = { y1: y1 + across, y2: y2 - across };
    this.fill({ x1, y1, x2, y2: y1 + across }, color, opacity);
    this.fill({ x1, y1: Math.max(y1 + across, y2 - across), x2, y2 }, color, opacity);
    this.fill({ x1, ...middle, x2: x1 + down }, color, opacity);
    this.fill({ x1: Math.max(x1 + down, x2 - down), ...middle, x2 }, color, opacity);
  }

  /** A filled circle. */
  disc(x: number, y: number, radius: number, color: Rgb, opacity = 1): void {
    this.line(x, y, x, y, radius, color, opacity);
  }

  /** A line with round ends, `2 * radius` wide, its edges smoothed. */
  line(
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    radius: number,
    [r, g, b]: Rgb,
    opacity = 1,
  ): void {
    const { width, height, strideBytes, data } = this.#canvas;
    const reach = radius + 0.5;
    const clipped = clipLine([fromX, fromY, toX, toY], width, height, 2 * reach);
    if (clipped === undefined) return;
    const [x0, y0, x1, y1] = clipped;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length2 = dx * dx + dy * dy;
    const perLength2 = length2 > 0 ? 1 / length2 : 0;
    const reach2 = reach * reach;
    // Nearer to the line than this, a pixel is covered whole.
    const core2 = reach > 1 ? (reach - 1) * (reach - 1) : 0;
    const whole = Math.round(opacity * 256);
    // From the line to its upper and lower edge.
    const normalX = -dy * Math.sqrt(perLength2) * reach;
    const normalY = dx * Math.sqrt(perLength2) * reach;
    const perDy = dy === 0 ? 0 : 1 / dy;
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      // The row of the hull of the circles around both ends: theirs, and where it cuts the edges.
      let from = Infinity;
      let to = -Infinity;
      const half0 = reach2 - (y - y0) * (y - y0);
      if (half0 >= 0) {
        const half = Math.sqrt(half0);
        from = x0 - half;
        to = x0 + half;
      }
      const half1 = reach2 - (y - y1) * (y - y1);
      if (half1 >= 0) {
        const half = Math.sqrt(half1);
        if (x1 - half < from) from = x1 - half;
        if (x1 + half > to) to = x1 + half;
      }
      if (perDy !== 0) {
        for (let side = -1; side <= 1; side += 2) {
          const at = (y - y0 - side * normalY) * perDy;
          if (at < 0 || at > 1) continue;
          const x = x0 + side * normalX + at * dx;
          if (x < from) from = x;
          if (x > to) to = x;
        }
      }
      const first = Math.max(0, Math.floor(from - 0.5));
      const last = Math.min(width - 1, Math.ceil(to - 0.5));
      let i = row * strideBytes + first * 3;
      for (let column = first; column <= last; column++, i += 3) {
        const px = column + 0.5 - x0;
        const py = y - y0;
        const along = (px * dx + py * dy) * perLength2;
        const at = along < 0 ? 0 : along > 1 ? 1 : along;
        const ex = px - at * dx;
        const ey = py - at * dy;
        const away2 = ex * ex + ey * ey;
        if (away2 >= reach2) continue;
        const share =
          away2 <= core2 ? whole : Math.min(whole, ((reach - Math.sqrt(away2)) * whole + 0.5) | 0);
        data[i]! += ((r - data[i]!) * share) >> 8;
        data[i + 1]! += ((g - data[i + 1]!) * share) >> 8;
        data[i + 2]! += ((b - data[i + 2]!) * share) >> 8;
      }
    }
  }

  /** A mask in one colour, its upper left corner at a whole pixel. */
  stamp({ widthPx, heightPx, coverage }: Mask, left: number, top: number, [r, g, b]: Rgb): void {
    const { width, height, strideBytes, data } = this.#canvas;
    const firstX = Math.max(0, -left);
    const lastX = Math.min(widthPx, width - left);
    const lastY = Math.min(heightPx, height - top);
    for (let y = Math.max(0, -top); y < lastY; y++) {
      let i = (top + y) * strideBytes + (left + firstX) * 3;
      for (let x = firstX; x < lastX; x++, i += 3) {
        const covered = coverage[y * widthPx + x]!;
        if (covered === 0) continue;
        const share = covered + (covered >> 7);
        data[i]! += ((r - data[i]!) * share) >> 8;
        data[i + 1]! += ((g - data[i + 1]!) * share) >> 8;
        data[i + 2]! += ((b - data[i + 2]!) * share) >> 8;
      }
    }
  }
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * The part of a line inside of a picture and a margin around it; undefined if there is none.
 *
 * @see Liang and Barsky, "A New Concept and Method for Line Clipping", ACM TOG 3(1), 1984.
 */
function clipLine(
  [x0, y0, x1, y1]: Segment,
  width: number,
  height: number,
  margin: number,
): Segment | undefined {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let enter = 0;
  let leave = 1;
  const edges = [
    [-dx, x0 + margin],
    [dx, width + margin - x0],
    [-dy, y0 + margin],
    [dy, height + margin - y0],
  ] as const;
  for (const [step, room] of edges) {
    if (step === 0) {
      if (room < 0) return undefined;
    } else if (step < 0) {
      enter = Math.max(enter, room / step);
    } else {
      leave = Math.min(leave, room / step);
    }
  }
  if (enter > leave) return undefined;
  return [x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy];
}
