import fc from 'fast-check';

/** One step of making a random graph: numbers that any step can be read from. */
export interface RecipeStep {
  readonly op: number;
  /** Which open end it goes on from. */
  readonly end: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** A random graph as plain numbers: any numbers make a valid graph, so that failures can be made smaller. */
export interface GraphRecipe {
  readonly steps: readonly RecipeStep[];
  /** Media time from frame to frame in milliseconds; a negative one is a frame that comes late. */
  readonly gapsMs: readonly number[];
  /** Frame after which `onFrame` ends the run; none if beyond the last. */
  readonly stopAfter: number;
  /** Frame on which one module throws; none if beyond the last. */
  readonly failAt: number;
}

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

const step: fc.Arbitrary<RecipeStep> = fc.record({
  op: small(23),
  end: small(7),
  a: small(11),
  b: small(11),
  c: small(11),
});

const gapMs = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(10, 33, 40) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 200, 1000) },
  { weight: 1, arbitrary: fc.constantFrom(-15, -120) },
);

/** Random graphs with the frames that they are run on. */
export const graphRecipe: fc.Arbitrary<GraphRecipe> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  gapsMs: fc.array(gapMs, { minLength: 1, maxLength: 24 }),
  stopAfter: fc.oneof(
    { weight: 4, arbitrary: fc.constant(1000) },
    { weight: 1, arbitrary: small(24) },
  ),
  failAt: fc.oneof(
    { weight: 5, arbitrary: fc.constant(1000) },
    { weight: 1, arbitrary: small(24) },
  ),
});

/** Times of the frames of a recipe in nanoseconds. */
export function timesOf({ gapsMs }: GraphRecipe): readonly number[] {
  let tNs = 0;
  return gapsMs.map((gap, i) => {
    if (i > 0) tNs = Math.max(0, tNs + gap * 1_000_000);
    return tNs;
  });
}
