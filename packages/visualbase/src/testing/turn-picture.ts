/** Turns one plane counter-clockwise by quarter turns; a player's clockwise turn undoes it. */
function turnPlane(
  from: Uint8Array,
  width: number,
  height: number,
  quarterTurns: number,
  to: Uint8Array,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = from[y * width + x]!;
      if (quarterTurns === 1) to[(width - 1 - x) * height + y] = value;
      else if (quarterTurns === 2) to[(height - 1 - y) * width + (width - 1 - x)] = value;
      else to[x * height + (height - 1 - y)] = value;
    }
  }
}

/**
 * Turns an upright planar YUV 4:2:0 picture counter-clockwise, as a camera held sideways stores it.
 *
 * @param width - Of the upright picture.
 * @param rotationDeg - What a player has to turn clockwise: 90, 180 or 270.
 */
export function turnPicture(
  picture: Uint8Array,
  width: number,
  height: number,
  rotationDeg: 90 | 180 | 270,
): Uint8Array {
  const out = new Uint8Array(picture.length);
  const half = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  let offset = 0;
  for (const [w, h] of [
    [width, height],
    [half, halfHeight],
    [half, halfHeight],
  ] as const) {
    const plane = picture.subarray(offset, offset + w * h);
    turnPlane(plane, w, h, rotationDeg / 90, out.subarray(offset, offset + w * h));
    offset += w * h;
  }
  return out;
}
