import type { RgbImage } from 'visualbase';
import type { RotatedRoi } from './rotated-roi.ts';
import { byteValues, type ValueRange } from './value-range.ts';

// Positions lie on a grid of 1/32 px, OpenCV's INTER_BITS.
const GRID_BITS = 5;
const GRID = 1 << GRID_BITS;
// Four weights in these units make 1024.
const WEIGHT_BITS = 2 * GRID_BITS;
const HALF = 1 << (WEIGHT_BITS - 1);

/**
 * Samples a region as `warpPerspective` of OpenCV with `INTER_LINEAR` does in MediaPipe's CPU graphs:
 * pixel centres at whole numbers instead of halves, positions rounded to 1/32 px, and each sample
 * rounded to a byte. Landmark models react to these fractions of a pixel with one or two percent of
 * the size of a hand.
 *
 * @see ImageToTensorConverterOpenCv in MediaPipe's sources.
 */
export function sampleAsOpenCv(
  image: RgbImage,
  roi: RotatedRoi,
  out: Float32Array,
  size: number,
  range: ValueRange,
  outside: 'edge' | 'black',
): void {
  const { data, strideBytes, width, height } = image;
  const values = byteValues(range);
  const cos = Math.cos(roi.rotationRad);
  const sin = Math.sin(roi.rotationRad);
  const left = roi.cx - (roi.width * cos - roi.height * sin) / 2;
  const top = roi.cy - (roi.width * sin + roi.height * cos) / 2;
  const stepX = (roi.width / size) * GRID;
  const stepY = (roi.height / size) * GRID;
  // Growing numbers are added in this order so that they round as OpenCV's do.
  const alongX = Float64Array.from({ length: size }, (_, column) => cos * stepX * column);
  const alongY = Float64Array.from({ length: size }, (_, column) => sin * stepX * column);
  let o = 0;
  for (let row = 0; row < size; row++) {
    const rowX = left * GRID - sin * stepY * row;
    const rowY = top * GRID + cos * stepY * row;
    for (let column = 0; column < size; column++, o += 3) {
      const gridX = Math.floor(rowX + alongX[column]! + 0.5) | 0;
      const gridY = Math.floor(rowY + alongY[column]! + 0.5) | 0;
      const x = gridX >> GRID_BITS;
      const y = gridY >> GRID_BITS;
      const fx = gridX & (GRID - 1);
      const fy = gridY & (GRID - 1);
      let bottomRight = fx * fy;
      let bottomLeft = (fy << GRID_BITS) - bottomRight;
      let topRight = (fx << GRID_BITS) - bottomRight;
      let topLeft = (1 << WEIGHT_BITS) - topRight - bottomLeft - bottomRight;
      let i = y * strideBytes + x * 3;
      let j = i + 3;
      let k = i + strideBytes;
      let l = k + 3;
      if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) {
        if (outside === 'black') {
          if (x < 0 || x >= width) topLeft = bottomLeft = 0;
          if (x < -1 || x >= width - 1) topRight = bottomRight = 0;
          if (y < 0 || y >= height) topLeft = topRight = 0;
          if (y < -1 || y >= height - 1) bottomLeft = bottomRight = 0;
        }
        const x0 = Math.min(Math.max(x, 0), width - 1) * 3;
        const x1 = Math.min(Math.max(x + 1, 0), width - 1) * 3;
        const y0 = Math.min(Math.max(y, 0), height - 1) * strideBytes;
        const y1 = Math.min(Math.max(y + 1, 0), height - 1) * strideBytes;
        i = y0 + x0;
        j = y0 + x1;
        k = y1 + x0;
        l = y1 + x1;
      }
      const red =
        topLeft * data[i]! + topRight * data[j]! + bottomLeft * data[k]! + bottomRight * data[l]!;
      const green =
        topLeft * data[i + 1]! +
        topRight * data[j + 1]! +
        bottomLeft * data[k + 1]! +
        bottomRight * data[l + 1]!;
      const blue =
        topLeft * data[i + 2]! +
        topRight * data[j + 2]! +
        bottomLeft * data[k + 2]! +
        bottomRight * data[l + 2]!;
      out[o] = values[(red + HALF) >> WEIGHT_BITS]!;
      out[o + 1] = values[(green + HALF) >> WEIGHT_BITS]!;
      out[o + 2] = values[(blue + HALF) >> WEIGHT_BITS]!;
    }
  }
}
