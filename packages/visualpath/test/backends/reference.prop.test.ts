import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  graphRecipe,
  randomGraph,
  recordItem,
  recordRun,
  RingFrames,
  timesOf,
} from 'visualpath-testkit';
import { SimpleBackend, type FlowData } from '../../src/index.ts';
import { ReferenceRun } from '../support/reference-run.ts';

it('SimpleBackend frame by frame does what a naive reading of the contract does', async () => {
  const property = fc.asyncProperty(graphRecipe, async (recipe) => {
    const timesNs = timesOf(recipe);
    const reference = new ReferenceRun(randomGraph(recipe));
    await reference.run(timesNs, recipe.stopAfter);
    const frames = new RingFrames({ timesNs, slotCount: 8 });
    const { events, result } = await recordRun(
      new SimpleBackend({ parallel: false }),
      frames,
      randomGraph(recipe),
      { nowMs: () => 0, onFrame: (frame) => frame.frameId !== recipe.stopAfter },
    );
    // The message of an error is not the subject here.
    const items = (all: readonly FlowData[]) => all.map(recordItem);
    expect(events).toEqual(
      reference.events.map((event) => {
        if (event[0] === 'frame')
          return { type: 'frame', frameId: event[1], items: items(event[2]) };
        if (event[0] === 'flush') return { type: 'flush', items: items(event[1]) };
        return { type: 'trigger', frameId: event[1], source: event[2] };
      }),
    );
    expect(result === undefined).toBe(reference.isFailed);
    if (result === undefined) return;
    const figures = Object.entries(result.stats.nodes).map(([name, stats]) => [
      name,
      {
        ...{ in: stats.inCount, out: stats.outCount, filtered: stats.filteredCount },
        ...{ unrouted: stats.unroutedCount, unmatched: stats.unmatchedCount },
        ...{ late: stats.lateCount, error: stats.errorCount },
      },
    ]);
    expect(Object.fromEntries(figures)).toEqual(Object.fromEntries(reference.figures));
  });
  await fc.assert(property, { numRuns: 1500 });
});
