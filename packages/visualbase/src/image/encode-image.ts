import type { RgbImage } from '../frame/image.ts';

/** File formats of still pictures. */
export type ImageFormat = 'jpeg' | 'png' | 'webp';

/** Options of {@link encodeImage}. */
export interface EncodeImageOptions {
  readonly format: ImageFormat;
  /** 1 worst to 100 best, for JPEG and WebP; PNG is lossless. Default 85. */
  readonly quality?: number;
}

/**
 * Encodes a picture as JPEG, PNG or WebP, off the main thread.
 *
 * @returns The bytes of the file.
 * @throws RangeError for an unknown format, or a quality or picture out of range.
 */
export async function encodeImage(
  image: RgbImage,
  options: EncodeImageOptions,
): Promise<Uint8Array> {
  const { format, quality = 85 } = options;
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RangeError(
      `The quality option must be a whole number from 1 to 100, got ${String(quality)}.`,
    );
  }
  const { width, height } = image;
  const pixels = withoutPadding(image);
  const { default: sharp } = await import('sharp');
  const pipeline = sharp(pixels, { raw: { width, height, channels: 3 } });
  switch (format) {
    case 'jpeg':
      // Optimal Huffman tables would save a few percent of the size and cost half of the time.
      return pipeline.jpeg({ quality, optimiseCoding: false }).toBuffer();
    case 'png':
      return pipeline.png().toBuffer();
    case 'webp':
      return pipeline.webp({ quality }).toBuffer();
    default:
      throw new RangeError(
        `The format option must be jpeg, png or webp, got ${JSON.stringify(format)}.`,
      );
  }
}

/** The pixels as rows without gaps, which is what sharp reads; no copy where they are that already. */
function withoutPadding({ width, height, strideBytes, data }: RgbImage): Uint8Array {
  const rowBytes = width * 3;
  if (strideBytes < rowBytes || data.length < strideBytes * (height - 1) + rowBytes) {
    throw new RangeError(
      `A picture of ${width}x${height} with rows of ${strideBytes} bytes does not fit into ${data.length} bytes.`,
    );
  }
  if (strideBytes === rowBytes) return data.subarray(0, rowBytes * height);
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * strideBytes, y * strideBytes + rowBytes), y * rowBytes);
  }
  return rows;
}
