import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isVisualError, SimpleBackend, type ExecuteOptions } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import type { ConformanceGroup, OpenBackend, Schedule } from '../conformance-case.ts';
import { recordRun, recordStats, type RunRecord } from '../record-run.ts';
import { graphRecipe, timesOf, type GraphRecipe } from './graph-recipe.ts';
import { randomGraph } from './random-graph.ts';

/** A schedule, and how frames come. */
interface RandomRun {
  readonly schedule: Schedule;
  readonly isAsynchronous: boolean;
  readonly isQueued: boolean;
}

const randomRun: fc.Arbitrary<RandomRun> = fc.record({
  schedule: fc.record({
    batchSize: fc.constantFrom(1, 1, 2, 3, 5),
    maxInFlight: fc.constantFrom(1, 1, 2, 4),
    parallel: fc.boolean(),
  }),
  isAsynchronous: fc.boolean(),
  isQueued: fc.boolean(),
});

/** Frames of the ring: fewer than batches and frames in flight ask for, so that copies are made too. */
const SLOT_COUNT = 7;

/** Random graphs on random frames: the same as SimpleBackend gives, frame by frame, and the same again. */
export const randomGraphGroup = (
  graphCount: number,
  seed: number | undefined,
): ConformanceGroup => ({
  name: 'random graphs',
  cases: [
    {
      name: 'give what SimpleBackend gives frame by frame, whatever the schedule, twice',
      run: (open) => compareRandomGraphs(open, graphCount, seed),
    },
  ],
});

/**
 * Compares a backend with the oracle on random graphs.
 *
 * @throws AssertionError with the smallest graph found on which they differ, and the seed.
 */
export async function compareRandomGraphs(
  open: OpenBackend,
  graphCount: number,
  seed?: number,
): Promise<void> {
  const property = fc.asyncProperty(graphRecipe, randomRun, async (recipe, run) => {
    const oracle = await runRecipe(recipe, () => new SimpleBackend({ parallel: false }), {
      schedule: {},
      isAsynchronous: false,
      isQueued: false,
    });
    for (let i = 0; i < 2; i++) {
      assert.deepEqual(await runRecipe(recipe, open, run), oracle);
    }
  });
  const seeded = seed === undefined ? {} : { seed };
  await fc.assert(property, { numRuns: graphCount, ...seeded });
}

async function runRecipe(recipe: GraphRecipe, open: OpenBackend, run: RandomRun): Promise<unknown> {
  const backend = await open(run.schedule);
  const frames = new RingFrames({ timesNs: timesOf(recipe), slotCount: SLOT_COUNT });
  const options: ExecuteOptions = {
    nowMs: () => 0,
    onFrame: (frame) => frame.frameId !== recipe.stopAfter,
    ...(run.isQueued && { queue: { overflow: 'wait', capacity: 2 } as const }),
  };
  const source = run.isAsynchronous ? frames : frames.synchronous();
  const graph = randomGraph(recipe);
  graph.assertValid();
  const record = await recordRun(backend, source, graph, {
    ...options,
    recordObservations: true,
  });
  assert.equal(frames.freeCount, SLOT_COUNT, 'every frame goes back to its source');
  return comparable(record);
}

/** What must be equal. Figures depend on the schedule where the run ended before the stream did. */
function comparable({ events, result, error }: RunRecord): unknown {
  const isWhole = result !== undefined && !result.stats.isStoppedEarly;
  return {
    events,
    error: isVisualError(error) ? { code: error.code, message: error.message } : error,
    frameCount: result?.frameCount,
    triggers: result?.triggers.map((trigger) => JSON.stringify(trigger)),
    stats: isWhole ? recordStats(result.stats) : undefined,
  };
}
