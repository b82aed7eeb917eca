import { CODE_COLUMNS, CODE_ROWS, encodeFrameIndex } from './frame-code.ts';

/**
 * What moves behind the code: `texture` is soft relief with a little grain, about as hard to code as
 * camera pictures; `bars` are plain moving bars, which cost next to nothing; `noise` is the worst case.
 */
export type VideoPattern = 'texture' | 'bars' | 'noise';

const TILE = 128;
const GRAIN_COUNT = 8;
const GRAIN: Readonly<Record<VideoPattern, number>> = { texture: 5, bars: 0, noise: 90 };

/** One plane that repeats every {@link TILE} pixels, wide enough to be read at any offset. */
interface Sheet {
  readonly width: number;
  readonly data: Uint8Array;
}

/** Paints numbered pictures, planar YUV 4:2:0, limited range. The same index gives the same bytes. */
export class PicturePainter {
  readonly #width: number;
  readonly #height: number;
  readonly #middle: readonly Sheet[];
  readonly #dark: readonly Sheet[];
  readonly #light: readonly Sheet[];
  readonly #chroma: readonly [Sheet, Sheet];

  constructor(width: number, height: number, pattern: VideoPattern) {
    this.#width = width;
    this.#height = height;
    const random = randomBytes();
    const relief = pattern === 'bars' ? barsAt : reliefAt;
    const grain = GRAIN[pattern];
    const grains = Array.from({ length: grain === 0 ? 1 : GRAIN_COUNT }, () =>
      makeSheet(width, (x, y) => relief(x, y) + ((random() - 128) * grain) / 128),
    );
    this.#middle = grains.map((sheet) => mapSheet(sheet, (v) => 40 + v * 0.7));
    this.#dark = grains.map((sheet) => mapSheet(sheet, (v) => 16 + v * 0.1));
    this.#light = grains.map((sheet) => mapSheet(sheet, (v) => 235 - v * 0.1));
    const half = (width + 1) >> 1;
    this.#chroma = [
      makeSheet(half, (x) => 128 + 24 * Math.sin((2 * Math.PI * x) / TILE)),
      makeSheet(half, (_, y) => 128 + 24 * Math.sin((2 * Math.PI * y) / TILE)),
    ];
  }

  /** Bytes of one picture: Y, U, V, rows without padding. */
  get byteLength(): number {
    const chroma = ((this.#width + 1) >> 1) * ((this.#height + 1) >> 1);
    return this.#width * this.#height + 2 * chroma;
  }

  /** Paints picture `index` into `out`, which holds {@link PicturePainter.byteLength} bytes. */
  paint(index: number, out: Uint8Array): void {
    const width = this.#width;
    const height = this.#height;
    const grain = index % this.#middle.length;
    const middle = this.#middle[grain]!;
    for (let y = 0; y < height; y++) {
      // Bands of rows move at speeds of their own, so that no single motion describes the picture.
      const band = Math.floor(y / 40);
      const speed = (1 + (band % 4)) * (band % 2 === 0 ? 1 : -1);
      copyRow(middle, index * speed, y + index, out, y * width, width);
    }
    this.#paintCode(index, grain, out);
    const half = (width + 1) >> 1;
    const halfHeight = (height + 1) >> 1;
    let to = width * height;
    for (const sheet of this.#chroma) {
      for (let y = 0; y < halfHeight; y++, to += half) copyRow(sheet, index, y, out, to, half);
    }
  }

  #paintCode(index: number, grain: number, out: Uint8Array): void {
    const cells = encodeFrameIndex(index);
    const bottom = Math.floor((this.#height * CODE_ROWS) / 8);
    for (let y = 0; y < bottom; y++) {
      const row = Math.floor((y * 8) / this.#height);
      for (let column = 0; column < CODE_COLUMNS; column++) {
        const x1 = Math.round((column * this.#width) / 8);
        const x2 = Math.round(((column + 1) * this.#width) / 8);
        const sheet = (cells[row * CODE_COLUMNS + column]! ? this.#light : this.#dark)[grain]!;
        copyRow(sheet, x1 + index, y, out, y * this.#width + x1, x2 - x1);
      }
    }
  }
}

function copyRow(
  sheet: Sheet,
  x: number,
  y: number,
  out: Uint8Array,
  to: number,
  length: number,
): void {
  const from = (y % TILE) * sheet.width + (((x % TILE) + TILE) % TILE);
  out.set(sheet.data.subarray(from, from + length), to);
}

function makeSheet(visibleWidth: number, valueAt: (x: number, y: number) => number): Sheet {
  const width = visibleWidth + TILE;
  const data = new Uint8Array(width * TILE);
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = Math.min(255, Math.max(0, valueAt(x, y)));
    }
  }
  return { width, data };
}

const mapSheet = (sheet: Sheet, map: (value: number) => number): Sheet => ({
  width: sheet.width,
  data: sheet.data.map(map),
});

/** A sum of waves whose periods divide the tile. */
function reliefAt(x: number, y: number): number {
  const u = (2 * Math.PI * x) / TILE;
  const v = (2 * Math.PI * y) / TILE;
  return (
    128 +
    40 * Math.sin(u + 2 * v) +
    30 * Math.sin(5 * u - 3 * v) +
    20 * Math.sin(11 * v + 4 * u) +
    15 * Math.sin(17 * u)
  );
}

const barsAt = (x: number): number => 32 * (Math.floor((x * 8) / TILE) % 8);

/** A linear congruential generator (Numerical Recipes), upper byte: the same grain on every machine. */
function randomBytes(): () => number {
  let state = 20261123;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}
