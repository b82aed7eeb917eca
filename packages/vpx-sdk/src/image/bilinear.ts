import type { RgbImage } from 'visualbase';

/** Where a picture lies in a square, px of the square; scales are px of the square for one of the picture. */
interface PictureInSquare {
  readonly sizePx: number;
  readonly leftPx: number;
  readonly topPx: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

/** The samples along one axis: which pixel, which next to it, and how much of each. */
interface AxisSamples {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstShare: Float64Array;
  readonly secondShare: Float64Array;
}

/** Where the samples of a row or column lie; a share of 0 where the picture does not reach. */
function axisSamples(size: number, startPx: number, scale: number, length: number): AxisSamples {
  const first = new Int32Array(size);
  const second = new Int32Array(size);
  const firstShare = new Float64Array(size);
  const secondShare = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const at = (i - startPx) / scale;
    const whole = Math.floor(at);
    const share = at - whole;
    if (whole >= 0 && whole < length) {
      first[i] = whole;
      firstShare[i] = 1 - share;
    }
    if (whole + 1 >= 0 && whole + 1 < length) {
      second[i] = whole + 1;
      secondShare[i] = share;
    }
  }
  return { first, second, firstShare, secondShare };
}

/**
 * Scales a picture into a square by bilinear sampling, pixel 0 of the one at pixel 0 of the other;
 * beyond its borders is black.
 *
 * @param values - What each byte becomes.
 * @param out - `sizePx * sizePx * 3` numbers.
 */
export function sampleBilinear(
  { data, width, height, strideBytes }: RgbImage,
  { sizePx, leftPx, topPx, scaleX, scaleY }: PictureInSquare,
  values: Float32Array,
  out: Float32Array,
): void {
  const columns = axisSamples(sizePx, leftPx, scaleX, width);
  const rows = axisSamples(sizePx, topPx, scaleY, height);
  const black = values[0]!;
  for (let y = 0, o = 0; y < sizePx; y++) {
    const top = rows.first[y]! * strideBytes;
    const bottom = rows.second[y]! * strideBytes;
    const topShare = rows.firstShare[y]!;
    const bottomShare = rows.secondShare[y]!;
    if (topShare === 0 && bottomShare === 0) {
      out.fill(black, o, (o += sizePx * 3));
      continue;
    }
    for (let x = 0; x < sizePx; x++, o += 3) {
      const left = columns.first[x]! * 3;
      const right = columns.second[x]! * 3;
      const leftShare = columns.firstShare[x]!;
      const rightShare = columns.secondShare[x]!;
      const a = topShare * leftShare;
      const b = topShare * rightShare;
      const c = bottomShare * leftShare;
      const d = bottomShare * rightShare;
      const i = top + left;
      const j = top + right;
      const k = bottom + left;
      const l = bottom + right;
      // Written out for each channel, which is twice as fast. Adding a half and cutting off rounds to the nearest.
      const red = a * data[i]! + b * data[j]! + c * data[k]! + d * data[l]!;
      const green = a * data[i + 1]! + b * data[j + 1]! + c * data[k + 1]! + d * data[l + 1]!;
      const blue = a * data[i + 2]! + b * data[j + 2]! + c * data[k + 2]! + d * data[l + 2]!;
      out[o] = values[(red + 0.5) | 0]!;
      out[o + 1] = values[(green + 0.5) | 0]!;
      out[o + 2] = values[(blue + 0.5) | 0]!;
    }
  }
}
