import type { PixelRect } from './painter.ts';

/** Where the upper left corner of a plate may go, best first. */
export type Candidates = readonly (readonly [left: number, top: number])[];

/** Finds places for plates: inside of the picture, and free of each other as far as can be. */
export class PlatePlacer {
  readonly #width: number;
  readonly #height: number;
  readonly #gapPx: number;
  readonly #taken: PixelRect[] = [];

  /** @param gapPx - Pixels that stay free between plates. */
  constructor(width: number, height: number, gapPx: number) {
    this.#width = width;
    this.#height = height;
    this.#gapPx = gapPx;
  }

  /**
   * Takes a place for a plate, which must not be larger than the picture: the first candidate that is
   * free once it is moved into the picture; else the nearest free place below or above the first; else
   * the candidate that covers the least.
   */
  place(widthPx: number, heightPx: number, candidates: Candidates): PixelRect {
    const size = { widthPx, heightPx };
    const inPicture = candidates.map((corner) => this.#moveInside(corner, size));
    const [first] = inPicture;
    if (first === undefined) throw new RangeError('A plate needs at least one candidate.');
    const rect =
      inPicture.find((one) => this.#coveredPx(one) === 0) ??
      this.#besides(first, size) ??
      inPicture.reduce((best, one) => (this.#coveredPx(one) < this.#coveredPx(best) ? one : best));
    this.#taken.push(rect);
    return rect;
  }

  #besides(first: PixelRect, size: Size): PixelRect | undefined {
    const step = size.heightPx + this.#gapPx;
    for (let i = 1; i * step < this.#height; i++) {
      for (const top of [first.y1 + i * step, first.y1 - i * step]) {
        if (top < 0 || top + size.heightPx > this.#height) continue;
        const rect = this.#moveInside([first.x1, top], size);
        if (this.#coveredPx(rect) === 0) return rect;
      }
    }
    return undefined;
  }

  #moveInside([left, top]: readonly [number, number], { widthPx, heightPx }: Size): PixelRect {
    const x1 = Math.max(0, Math.min(Math.round(left), this.#width - widthPx));
    const y1 = Math.max(0, Math.min(Math.round(top), this.#height - heightPx));
    return { x1, y1, x2: x1 + widthPx, y2: y1 + heightPx };
  }

  /** Pixels that a place shares with plates. */
  #coveredPx({ x1, y1, x2, y2 }: PixelRect): number {
    let sum = 0;
    for (const other of this.#taken) {
      const across = Math.min(x2, other.x2 + this.#gapPx) - Math.max(x1, other.x1 - this.#gapPx);
      const down = Math.min(y2, other.y2 + this.#gapPx) - Math.max(y1, other.y1 - this.#gapPx);
      if (across > 0 && down > 0) sum += across * down;
    }
    return sum;
  }
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}
