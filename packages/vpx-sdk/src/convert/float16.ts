/** Widens IEEE 754 half-precision numbers, little-endian, two bytes each. */
export function decodeFloat16(bytes: Uint8Array): Float32Array {
  const count = bytes.length >> 1;
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const half = bytes[i * 2]! | (bytes[i * 2 + 1]! << 8);
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Infinity
            : NaN
          : (1024 + fraction) * SCALE[exponent]!;
    out[i] = half & 0x8000 ? -magnitude : magnitude;
  }
  return out;
}

const SCALE = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 25));
