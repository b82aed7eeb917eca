/** A vector in the space of the points that it was read from. */
export type Vector = readonly [x: number, y: number, z: number];

/** From landmark `from` to landmark `to` of `points` (x, y, z by turns). */
export const between = (points: Readonly<Float32Array>, from: number, to: number): Vector => [
  points[to * 3]! - points[from * 3]!,
  points[to * 3 + 1]! - points[from * 3 + 1]!,
  points[to * 3 + 2]! - points[from * 3 + 2]!,
];

/** Euclidean length. */
export const lengthOf = ([x, y, z]: Vector): number => Math.hypot(x, y, z);

/** The scalar product. */
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The angle between two vectors, 0..180 degrees; 0 if one of them has no length. */
export function angleDeg(a: Vector, b: Vector): number {
  const lengths = lengthOf(a) * lengthOf(b);
  if (lengths === 0) return 0;
  const cosine = dot(a, b) / lengths;
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}
