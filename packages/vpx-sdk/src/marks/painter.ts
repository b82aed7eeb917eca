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
    const length = Math.hypot(dx, dy);
    const perLength2 = length > 0 ? 1 / (length * length) : 0;
    const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
    const bottom = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      const [from, to] = spanOf(clipped, length, reach, y);
      const last = Math.min(width - 1, Math.ceil(to));
      for (let column = Math.max(0, Math.floor(from) - 1); column <= last; column++) {
        const x = column + 0.5;
        const along = ((x - x0) * dx + (y - y0) * dy) * perLength2;
        const at = along < 0 ? 0 : along > 1 ? 1 : along;
        const ex = x - x0 - at * dx;
        const ey = y - y0 - at * dy;
        const inside = reach - Math.sqrt(ex * ex + ey * ey);
        if (inside <= 0) continue;
        const share = Math.round((inside < 1 ? inside : 1) * opacity * 256);
        const i = row * strideBytes + column * 3;
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

/** The columns that a line with round ends covers in a row: the hull of two circles. */
function spanOf(
  [x0, y0, x1, y1]: Segment,
  length: number,
  reach: number,
  y: number,
): readonly [from: number, to: number] {
  let from = Infinity;
  let to = -Infinity;
  const add = (x: number): void => {
    from = Math.min(from, x);
    to = Math.max(to, x);
  };
  const addCircle = (x: number, cy: number): void => {
    const half2 = reach * reach - (y - cy) ** 2;
    if (half2 < 0) return;
    const half = Math.sqrt(half2);
    add(x - half);
    add(x + half);
  };
  addCircle(x0, y0);
  addCircle(x1, y1);
  if (length > 0 && y0 !== y1) {
    for (const side of [-reach, reach]) {
      const nx = (-(y1 - y0) / length) * side;
      const ny = ((x1 - x0) / length) * side;
      const at = (y - y0 - ny) / (y1 - y0);
      if (at >= 0 && at <= 1) add(x0 + nx + at * (x1 - x0));
    }
  }
  return [from, to];
}

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
