/** How two runtimes differ in one output. */
export interface Difference {
  readonly input: string;
  readonly output: string;
  readonly largestValue: number;
  /** Whether the output is one number, whose size says nothing of that of its errors. */
  readonly isSingle: boolean;
  readonly max: number;
  readonly mean: number;
}

/** Compares what we compute with what the reference does, number by number. */
export function difference(
  input: string,
  output: string,
  ours: Float32Array,
  theirs: Float32Array,
): Difference {
  if (ours.length !== theirs.length) {
    throw new Error(`${output} has ${ours.length} numbers here and ${theirs.length} there.`);
  }
  let max = 0;
  let sum = 0;
  let largestValue = 0;
  for (let i = 0; i < ours.length; i++) {
    const error = Math.abs(ours[i]! - theirs[i]!);
    max = Math.max(max, error);
    sum += error;
    largestValue = Math.max(largestValue, Math.abs(theirs[i]!));
  }
  const isSingle = ours.length === 1;
  return { input, output, largestValue, isSingle, max, mean: sum / ours.length };
}
