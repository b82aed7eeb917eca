import type { ClipResult, FoundPoints } from './mediapipe.ts';

/** Share of its size by which a find may differ. */
const TOLERANCE = 0.03;

/** How far two looks at a clip agree. */
export interface Agreement {
  /** Frames in which either side found something. */
  readonly frameCount: number;
  /** Share of those in which both found as many, each within {@link TOLERANCE} of its counterpart. */
  readonly agreeing: number;
  /** Share in which they found as many. */
  readonly sameCount: number;
  /** Mean distance of the points of a find in shares of its size, over all pairs. */
  readonly medianError: number;
  readonly p95Error: number;
}

/** Compares finds frame by frame; `ours` are matched with the nearest of `theirs`. */
export function agreementOf(ours: ClipResult['found'], theirs: ClipResult['found']): Agreement {
  const errors: number[] = [];
  let frameCount = 0;
  let agreeing = 0;
  let sameCount = 0;
  for (const [i, reference] of theirs.entries()) {
    const found = ours[i]!;
    if (found.length === 0 && reference.length === 0) continue;
    frameCount += 1;
    const ofFrame = matchErrors(found, reference);
    errors.push(...ofFrame);
    if (found.length !== reference.length) continue;
    sameCount += 1;
    if (ofFrame.length === reference.length && ofFrame.every((error) => error <= TOLERANCE)) {
      agreeing += 1;
    }
  }
  errors.sort((a, b) => a - b);
  const quantile = (q: number): number =>
    errors[Math.min(errors.length - 1, Math.floor(errors.length * q))] ?? NaN;
  return {
    frameCount,
    agreeing: agreeing / frameCount,
    sameCount: sameCount / frameCount,
    medianError: quantile(0.5),
    p95Error: quantile(0.95),
  };
}

/** Finds further apart than half their size are not the same thing. */
const MAX_ERROR = 0.5;

function matchErrors(found: readonly FoundPoints[], reference: readonly FoundPoints[]): number[] {
  const pairs = found.flatMap((one, i) =>
    reference.map((other, k) => ({ i, k, error: errorOf(one, other) })),
  );
  pairs.sort((a, b) => a.error - b.error);
  const errors: number[] = [];
  const usedFound = new Set<number>();
  const usedReference = new Set<number>();
  for (const { i, k, error } of pairs) {
    if (error > MAX_ERROR || usedFound.has(i) || usedReference.has(k)) continue;
    usedFound.add(i);
    usedReference.add(k);
    errors.push(error);
  }
  return errors;
}

function errorOf({ points }: FoundPoints, reference: FoundPoints): number {
  const xs = reference.points.map(([x]) => x);
  const ys = reference.points.map(([, y]) => y);
  const width = Math.max(...xs) - Math.min(...xs);
  const height = Math.max(...ys) - Math.min(...ys);
  const sum = reference.points.reduce(
    (total, [x, y], i) => total + Math.hypot(points[i]![0] - x, points[i]![1] - y),
    0,
  );
  return sum / reference.points.length / Math.max(width, height);
}
