/** The values that the bytes 0 and 255 become in a tensor; between them it is linear. */
export type ValueRange = readonly [low: number, high: number];

/** The value of each byte, as a table of 256: looking up is faster than reckoning. */
export function byteValues([low, high]: ValueRange): Float32Array {
  const values = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) values[byte] = low + ((high - low) * byte) / 255;
  return values;
}

/**
 * The memory for a picture tensor: `into` if it is given, else new.
 *
 * @throws RangeError if `size` is not a whole number of pixels, or `into` has another length.
 */
export function pictureTensor(
  size: number,
  into: Float32Array<ArrayBuffer> | undefined,
): Float32Array<ArrayBuffer> {
  if (!(Number.isSafeInteger(size) && size >= 1)) {
    throw new RangeError(`The size of a tensor must be at least 1 pixel, got ${size}.`);
  }
  const length = size * size * 3;
  if (into === undefined) return new Float32Array(length);
  if (into.length === length) return into;
  throw new RangeError(
    `A ${size}x${size} RGB tensor has ${length} numbers, but the \`into\` option has ${into.length}.`,
  );
}
