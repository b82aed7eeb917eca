import { randomNumbers } from './random-numbers.ts';

/** Red, green and blue, 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What the picture of a `FakeFrame` shows. */
export type FakePixels =
  /** One colour. Default: middle grey. */
  | { readonly kind: 'solid'; readonly color?: Rgb }
  /** From one colour at the left (`x`) or top (`y`) to another at the opposite side. Default: black to white, `x`. */
  | {
      readonly kind: 'gradient';
      readonly from?: Rgb;
      readonly to?: Rgb;
      readonly along?: 'x' | 'y';
    }
  /** Each byte by chance; the same seed gives the same picture everywhere. Default: seed 1. */
  | { readonly kind: 'noise'; readonly seed?: number }
  /** Squares that take turns. Default: 16 pixels, black and white, moved by 0 pixels to the left. */
  | {
      readonly kind: 'checkerboard';
      readonly squarePx?: number;
      readonly colors?: readonly [Rgb, Rgb];
      readonly shiftPx?: number;
    }
  /** Pixels of one's own: `width * height * 3` bytes, rows from the top. They are copied. */
  | { readonly kind: 'rgb'; readonly data: Uint8Array };

const BLACK: Rgb = [0, 0, 0];
const GREY: Rgb = [128, 128, 128];
const WHITE: Rgb = [255, 255, 255];

/**
 * Paints a picture.
 *
 * @returns `width * height * 3` bytes of interleaved RGB.
 * @throws RangeError for a colour, square or number of bytes that does not fit; TypeError for a kind that
 * does not exist.
 */
export function paintPixels(pixels: FakePixels, width: number, height: number): Uint8Array {
  switch (pixels.kind) {
    case 'solid': {
      const color = checkedColor(pixels.color ?? GREY);
      return paintEach(width, height, () => color);
    }
    case 'gradient':
      return paintGradient(pixels, width, height);
    case 'noise': {
      const next = randomNumbers(pixels.seed ?? 1);
      const data = new Uint8Array(width * height * 3);
      for (let i = 0; i < data.length; i++) data[i] = next() * 256;
      return data;
    }
    case 'checkerboard':
      return paintCheckerboard(pixels, width, height);
    case 'rgb':
      if (pixels.data.length !== width * height * 3) {
        throw new RangeError(
          `The \`pixels.data\` of a ${width}x${height} frame must have ${width * height * 3} bytes, got ${pixels.data.length}.`,
        );
      }
      return pixels.data.slice();
    default:
      throw new TypeError(
        `The \`pixels.kind\` option must be solid, gradient, noise, checkerboard or rgb, got ${JSON.stringify((pixels as { kind: unknown }).kind)}.`,
      );
  }
}

function paintGradient(
  { from = BLACK, to = WHITE, along = 'x' }: Extract<FakePixels, { kind: 'gradient' }>,
  width: number,
  height: number,
): Uint8Array {
  checkedColor(from);
  checkedColor(to);
  const last = Math.max(1, (along === 'x' ? width : height) - 1);
  return paintEach(width, height, (x, y) => {
    const share = (along === 'x' ? x : y) / last;
    const mixed = (channel: 0 | 1 | 2): number =>
      Math.round(from[channel] + (to[channel] - from[channel]) * share);
    return [mixed(0), mixed(1), mixed(2)];
  });
}

function paintCheckerboard(
  pixels: Extract<FakePixels, { kind: 'checkerboard' }>,
  width: number,
  height: number,
): Uint8Array {
  const { squarePx = 16, colors = [BLACK, WHITE], shiftPx = 0 } = pixels;
  if (!(Number.isSafeInteger(squarePx) && squarePx > 0)) {
    throw new RangeError(
      `The \`pixels.squarePx\` option must be a whole number from 1, got ${squarePx}.`,
    );
  }
  if (!Number.isSafeInteger(shiftPx)) {
    throw new RangeError(`The \`pixels.shiftPx\` option must be a whole number, got ${shiftPx}.`);
  }
  const [even, odd] = [checkedColor(colors[0]), checkedColor(colors[1])];
  return paintEach(width, height, (x, y) => {
    const square = Math.floor((x + shiftPx) / squarePx) + Math.floor(y / squarePx);
    return square % 2 === 0 ? even : odd;
  });
}

function paintEach(
  width: number,
  height: number,
  colorAt: (x: number, y: number) => Rgb,
): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) data.set(colorAt(x, y), at);
  }
  return data;
}

function checkedColor(color: Rgb): Rgb {
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  if (Object.keys(color).length === 3 && color.every(isByte)) return color;
  throw new RangeError(`A colour must be three bytes from 0 to 255, got [${color.join(', ')}].`);
}
