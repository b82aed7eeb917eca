import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { FlowGraph, type FrameHandler } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import {
  underEverySchedule,
  type ConformanceCase,
  type ConformanceGroup,
} from '../conformance-case.ts';
import { assertAllBack, runAt, runOver } from './run-graph.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';
import { DOWN, chain } from './traced-modules.ts';

const DELIVERED = everyTen(9).map((tNs, i) => `frame ${i} -> ${i}@${tNs} main: a#${i}`);

/** What `onFrame` may return without ending the run. */
const GOES_ON: readonly unknown[] = [undefined, null, 0, '', true, NaN];

/** `onFrame` that ends the run. */
export const earlyStopCases: ConformanceGroup = {
  name: 'early stop',
  cases: [
    ...underEverySchedule('exactly false ends the run after that frame', async (open) => {
      const graph = FlowGraph.fromModules([looker('a', { isAsync: true, firesAt: [1, 3, 4] })]);
      const run = await runAt(open(), everyTen(9), graph, {
        onFrame: ({ frameId }) => frameId !== 3,
      });
      assert.deepEqual(run.texts, [
        DELIVERED[0],
        'trigger a#1',
        DELIVERED[1],
        DELIVERED[2],
        'trigger a#3',
        DELIVERED[3],
      ]);
      assert.equal(run.result.frameCount, 4);
      assert.equal(run.result.stats.isStoppedEarly, true);
      assert.deepEqual(
        run.result.triggers.map(({ startTimeNs }) => startTimeNs),
        [10, 30],
      );
    }),
    ...underEverySchedule('a promise of false too', async (open) => {
      const graph = FlowGraph.fromModules([looker('a')]);
      const run = await runAt(open(), everyTen(9), graph, {
        onFrame: async () => {
          await ticks(4);
          return false;
        },
      });
      assert.deepEqual(run.texts, DELIVERED.slice(0, 1));
      assert.equal(run.result.frameCount, 1);
    }),
    ...GOES_ON.map((value): ConformanceCase => ({
      name: `${inspect(value)} does not end the run`,
      run: async (open) => {
        const onFrame = (() => value) as FrameHandler;
        const graph = FlowGraph.fromModules([looker('a')]);
        const run = await runAt(open({}), everyTen(3), graph, { onFrame });
        assert.deepEqual(run.texts, DELIVERED.slice(0, 3));
        assert.equal(run.result.frameCount, 3);
        assert.equal(run.result.stats.isStoppedEarly, false);
      },
    })),
    ...underEverySchedule('flushes nothing, and cleans up', async (open) => {
      const log: string[] = [];
      const graph = start()
        .module('look', { modules: chain(log) })
        .custom('keep', {
          create: () => ({
            process: (data) => data,
            flush: () => {
              log.push('flush');
              return [];
            },
          }),
        })
        .collector('groups', { batchSize: 3 })
        .build();
      const run = await runAt(open(), everyTen(9), graph, {
        onFrame: ({ frameId }) => frameId < 4,
      });
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 2@20 main: a#0 b#0 c#0 a#1 b#1 c#1 a#2 b#2 c#2',
        'frame 3',
        'frame 4',
      ]);
      assert.ok(!log.includes('flush'));
      assert.deepEqual(log.slice(-3), DOWN);
    }),
    ...underEverySchedule('closes the source', async (open) => {
      const ring = new RingFrames({ timesNs: everyTen(9) });
      let isClosed = false;
      const frames = {
        slotCount: ring.slotCount,
        *[Symbol.iterator]() {
          try {
            yield* ring.synchronous();
          } finally {
            isClosed = true;
          }
        },
      };
      const graph = FlowGraph.fromModules([looker('a')]);
      await runOver(open(), frames, graph, { onFrame: ({ frameId }) => frameId < 1 });
      assert.ok(isClosed);
      assertAllBack(ring);
    }),
    {
      name: 'asks the source for no more than it needs',
      run: async (open) => {
        const ring = new RingFrames({ timesNs: everyTen(99) });
        const graph = FlowGraph.fromModules([looker('a')]);
        const run = await runOver(open({}), ring, graph, { onFrame: () => false });
        assert.ok(run.result.stats.readCount <= ring.slotCount);
      },
    },
  ],
};
