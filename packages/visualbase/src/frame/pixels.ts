import type { GrayImage, PixelBox, RgbImage } from './image.ts';

/** Luma with BT.601 weights in 16-bit fixed point. */
export function toGray(image: RgbImage): GrayImage {
  const { width, height, strideBytes, data } = image;
  const out = new Uint8Array(width * height);
  let o = 0;
  for (let y = 0; y < height; y++) {
    let i = y * strideBytes;
    for (let x = 0; x < width; x++, i += 3) {
      out[o++] = (19595 * data[i]! + 38470 * data[i + 1]! + 7471 * data[i + 2]! + 32768) >> 16;
    }
  }
  return { format: 'gray8', width, height, strideBytes: width, data: out };
}

/** Copies the part of `image` inside `box`, rounded outwards and cut at the borders. */
export function cropImage(image: RgbImage, box: PixelBox): RgbImage {
  const x1 = Math.max(0, Math.floor(box.x1));
  const y1 = Math.max(0, Math.floor(box.y1));
  const x2 = Math.min(image.width, Math.ceil(box.x2));
  const y2 = Math.min(image.height, Math.ceil(box.y2));
  if (!(x2 > x1 && y2 > y1)) {
    throw new RangeError(
      `The box (${box.x1}, ${box.y1})-(${box.x2}, ${box.y2}) has no pixel inside the ${image.width}x${image.height} picture.`,
    );
  }
  const strideBytes = (x2 - x1) * 3;
  const data = new Uint8Array(strideBytes * (y2 - y1));
  for (let y = y1; y < y2; y++) {
    const from = y * image.strideBytes + x1 * 3;
    data.set(image.data.subarray(from, from + strideBytes), (y - y1) * strideBytes);
  }
  return { format: 'rgb24', width: x2 - x1, height: y2 - y1, strideBytes, data };
}

/** Weights of one output axis: for each output pixel its first input pixel and `taps` weights. */
interface AxisWeights {
  readonly taps: number;
  readonly first: Int32Array;
  readonly weight: Float32Array;
}

const axisCache = new Map<string, AxisWeights>();
const AXIS_CACHE_LIMIT = 64;

/**
 * A triangle filter as wide as the scale factor: bilinear when enlarging, area-like when shrinking.
 *
 * @param count - Input pixels that there are.
 * @param extent - Input pixels that the output covers; up to one less than `count`.
 */
function axisWeights(count: number, extent: number, to: number): AxisWeights {
  const key = `${count}:${extent}>${to}`;
  const known = axisCache.get(key);
  if (known !== undefined) return known;
  const scale = extent / to;
  const radius = Math.max(1, scale);
  const taps = Math.min(count, Math.ceil(2 * radius));
  const first = new Int32Array(to);
  const weight = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = Math.min(count - 1, (i + 0.5) * scale - 0.5);
    const start = Math.min(Math.max(0, Math.ceil(centre - radius)), count - taps);
    first[i] = start;
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      const w = Math.max(0, 1 - Math.abs(start + t - centre) / radius);
      weight[i * taps + t] = w;
      sum += w;
    }
    for (let t = 0; t < taps; t++) weight[i * taps + t]! /= sum;
  }
  if (axisCache.size >= AXIS_CACHE_LIMIT) axisCache.clear();
  const made = { taps, first, weight };
  axisCache.set(key, made);
  return made;
}

/** Averages blocks of `factorX` x `factorY` pixels; those at the right and below may be smaller. */
function averageBlocks(image: RgbImage, factorX: number, factorY: number): RgbImage {
  const { data, strideBytes } = image;
  const width = Math.ceil(image.width / factorX);
  const height = Math.ceil(image.height / factorY);
  const rowLength = width * 3;
  const out = new Uint8Array(rowLength * height);
  const sums = new Uint32Array(rowLength);
  const lastColumns = image.width - (width - 1) * factorX;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    const rows = Math.min(factorY, image.height - y * factorY);
    for (let dy = 0; dy < rows; dy++) {
      let i = (y * factorY + dy) * strideBytes;
      for (let o = 0; o < rowLength; o += 3) {
        const columns = o === rowLength - 3 ? lastColumns : factorX;
        let r = 0;
        let g = 0;
        let b = 0;
        for (let dx = 0; dx < columns; dx++, i += 3) {
          r += data[i]!;
          g += data[i + 1]!;
          b += data[i + 2]!;
        }
        sums[o]! += r;
        sums[o + 1]! += g;
        sums[o + 2]! += b;
      }
    }
    const to = y * rowLength;
    const share = 1 / (factorX * rows);
    const lastShare = 1 / (lastColumns * rows);
    for (let o = 0; o < rowLength; o++) {
      out[to + o] = sums[o]! * (o < rowLength - 3 ? share : lastShare) + 0.5;
    }
  }
  return { format: 'rgb24', width, height, strideBytes: rowLength, data: out };
}

/**
 * Scales a picture with a separable triangle filter, so that shrinking does not alias. What is shrunk
 * by two or more is averaged in blocks first, which reads each pixel once and is three times faster.
 */
export function resizeImage(image: RgbImage, width: number, height: number): RgbImage {
  if (!(Number.isSafeInteger(width) && width > 0 && Number.isSafeInteger(height) && height > 0)) {
    throw new RangeError(
      `The size of a resized view must be at least 1x1, got ${width}x${height}.`,
    );
  }
  const factorX = Math.max(1, Math.floor(image.width / width));
  const factorY = Math.max(1, Math.floor(image.height / height));
  const reduced = factorX * factorY > 1 ? averageBlocks(image, factorX, factorY) : image;
  const isExact = width * factorX === image.width && height * factorY === image.height;
  if (isExact) return reduced;
  const horizontal = axisWeights(reduced.width, image.width / factorX, width);
  const vertical = axisWeights(reduced.height, image.height / factorY, height);
  return filterImage(reduced, width, height, horizontal, vertical);
}

function filterImage(
  image: RgbImage,
  width: number,
  height: number,
  horizontal: AxisWeights,
  vertical: AxisWeights,
): RgbImage {
  const rowLength = width * 3;
  const data = new Uint8Array(rowLength * height);
  const ringRows = vertical.taps;
  const ring = new Float32Array(ringRows * rowLength);
  let rowsDone = 0;
  const sum = new Float32Array(rowLength);
  for (let y = 0; y < height; y++) {
    const start = vertical.first[y]!;
    if (rowsDone < start) rowsDone = start;
    for (; rowsDone < start + ringRows; rowsDone++) {
      scaleRow(image, rowsDone, horizontal, ring, (rowsDone % ringRows) * rowLength, width);
    }
    sum.fill(0.5);
    for (let t = 0; t < ringRows; t++) {
      const w = vertical.weight[y * ringRows + t]!;
      if (w === 0) continue;
      const from = ((start + t) % ringRows) * rowLength;
      for (let i = 0; i < rowLength; i++) sum[i]! += w * ring[from + i]!;
    }
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) data[to + i] = sum[i]!;
  }
  return { format: 'rgb24', width, height, strideBytes: rowLength, data };
}

function scaleRow(
  image: RgbImage,
  row: number,
  axis: AxisWeights,
  out: Float32Array,
  outOffset: number,
  width: number,
): void {
  const { data } = image;
  const base = row * image.strideBytes;
  const { taps, first, weight } = axis;
  let o = outOffset;
  for (let x = 0; x < width; x++) {
    let i = base + first[x]! * 3;
    let w = x * taps;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let t = 0; t < taps; t++, i += 3, w++) {
      const k = weight[w]!;
      r += k * data[i]!;
      g += k * data[i + 1]!;
      b += k * data[i + 2]!;
    }
    out[o++] = r;
    out[o++] = g;
    out[o++] = b;
  }
}
