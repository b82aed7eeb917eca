import type { RgbImage } from 'visualbase';
import type { RotatedRoi } from './rotated-roi.ts';
import { byteValues, type ValueRange } from './value-range.ts';

// Positions lie on a grid of 1/32 px, OpenCV's INTER_BITS.
const GRID = 32;

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
  let o = 0;
  for (let row = 0; row < size; row++) {
    const rowX = left * GRID - sin * stepY * row;
    const rowY = top * GRID + cos * stepY * row;
    for (let column = 0; column < size; column++, o += 3) {
      const gridX = Math.round(rowX + cos * stepX * column);
      const gridY = Math.round(rowY + sin * stepX * column);
      const x = Math.floor(gridX / GRID);
      const y = Math.floor(gridY / GRID);
      const fx = gridX - x * GRID;
      const fy = gridY - y * GRID;
      let topLeft = (GRID - fx) * (GRID - fy);
      let topRight = fx * (GRID - fy);
      let bottomLeft = (GRID - fx) * fy;
      let bottomRight = fx * fy;
      let i = y * strideBytes + x * 3;
      let right = 3;
      let below = strideBytes;
      if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) {
        if (outside === 'black') {
          if (x < 0 || x >= width) topLeft = bottomLeft = 0;
          if (x < -1 || x >= width - 1) topRight = bottomRight = 0;
          if (y < 0 || y >= height) topLeft = topRight = 0;
          if (y < -1 || y >= height - 1) bottomLeft = bottomRight = 0;
        }
        const x0 = Math.min(Math.max(x, 0), width - 1);
        const y0 = Math.min(Math.max(y, 0), height - 1);
        i = y0 * strideBytes + x0 * 3;
        right = (Math.min(Math.max(x + 1, 0), width - 1) - x0) * 3;
        below = (Math.min(Math.max(y + 1, 0), height - 1) - y0) * strideBytes;
      }
      for (let channel = 0; channel < 3; channel++, i++) {
        const sum =
          topLeft * data[i]! +
          topRight * data[i + right]! +
          bottomLeft * data[i + below]! +
          bottomRight * data[i + below + right]!;
        out[o + channel] = values[(sum + 512) >> 10]!;
      }
    }
  }
}
