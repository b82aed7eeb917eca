/**
 * Reorders the dimensions of a dense tensor: dimension `i` of the result is dimension `order[i]` of
 * the source.
 */
export function permute(
  data: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const sizes = order.map((d) => shape[d]!);
  const steps = order.map((d) => shape.slice(d + 1).reduce((product, size) => product * size, 1));
  const out = new Float32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let d = order.length - 1; d >= 0; d--) {
      index[d]! += 1;
      from += steps[d]!;
      if (index[d]! < sizes[d]!) break;
      from -= steps[d]! * sizes[d]!;
      index[d] = 0;
    }
  }
  return out;
}
