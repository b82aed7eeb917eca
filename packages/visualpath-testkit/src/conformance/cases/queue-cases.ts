import assert from 'node:assert/strict';
import { FlowGraph, defineModule, type QueueOptions } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import {
  underEverySchedule,
  type ConformanceGroup,
  type OpenBackend,
} from '../conformance-case.ts';
import { assertAllBack, runOver, type GoodRun } from './run-graph.ts';
import { everyTen, gate, looker } from './test-modules.ts';

const COUNT = 12;

/** A run in which all frames are pushed while the module is still busy with the first. */
async function flooded(open: OpenBackend, queue: QueueOptions): Promise<GoodRun> {
  const isBusy = gate();
  const isPushed = gate();
  const ring = new RingFrames({ timesNs: everyTen(COUNT), slotCount: 2 * COUNT });
  const frames = (async function* () {
    try {
      for await (const frame of ring) {
        yield frame;
        if (frame.frameId === 0) await isBusy.opened;
      }
    } finally {
      isPushed.open();
    }
  })();
  const slow = defineModule({
    name: 'a',
    process: async ({ frameId }) => {
      if (frameId === 0) {
        isBusy.open();
        await isPushed.opened;
      }
      return { signals: {} };
    },
  });
  const run = await runOver(open({}), frames, FlowGraph.fromModules([slow]), { queue });
  assertAllBack(ring);
  assertAllCounted(run);
  return run;
}

function assertAllCounted({ result: { stats, frameCount } }: GoodRun): void {
  const droppedCount = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  assert.equal(stats.processedCount + droppedCount, COUNT);
  assert.equal(frameCount, stats.processedCount);
  assert.ok(droppedCount > 0);
}

const idsOf = ({ events }: GoodRun): readonly number[] =>
  events.flatMap((event) => (event.type === 'frame' ? [event.frameId] : []));

/** Queues between source and graph. A backend may have a frame or two in its hands besides. */
export const queueCases: ConformanceGroup = {
  name: 'queues',
  cases: [
    ...underEverySchedule('wait loses nothing', async (open) => {
      const graph = FlowGraph.fromModules([looker('a', { isAsync: true })]);
      const ring = new RingFrames({ timesNs: everyTen(COUNT), slotCount: COUNT });
      const queue: QueueOptions = { overflow: 'wait', capacity: 2 };
      const run = await runOver(open(), ring, graph, { queue });
      assert.deepEqual(
        idsOf(run),
        Array.from({ length: COUNT }, (_, i) => i),
      );
      assert.deepEqual(run.result.stats.dropped, {});
      assertAllBack(ring);
    }),
    {
      name: 'dropOldest keeps the newest frames',
      run: async (open) => {
        const run = await flooded(open, { overflow: 'dropOldest', capacity: 3 });
        assert.equal(idsOf(run)[0], 0);
        assert.deepEqual(idsOf(run).slice(-3), [9, 10, 11]);
        assert.ok(idsOf(run).length <= 6);
        assert.deepEqual(Object.keys(run.result.stats.dropped), ['dropOldest']);
      },
    },
    {
      name: 'dropNewest keeps the oldest frames',
      run: async (open) => {
        const run = await flooded(open, { overflow: 'dropNewest', capacity: 3 });
        assert.deepEqual(idsOf(run).slice(0, 4), [0, 1, 2, 3]);
        assert.ok(idsOf(run).length <= 6);
        assert.deepEqual(Object.keys(run.result.stats.dropped), ['dropNewest']);
      },
    },
    {
      name: 'latest keeps only the newest frame',
      run: async (open) => {
        const run = await flooded(open, { overflow: 'latest' });
        assert.equal(idsOf(run)[0], 0);
        assert.equal(idsOf(run).at(-1), 11);
        assert.ok(idsOf(run).length <= 4);
        assert.deepEqual(Object.keys(run.result.stats.dropped), ['latest']);
      },
    },
    {
      name: 'has room for eight frames by default',
      run: async (open) => {
        const run = await flooded(open, { overflow: 'dropOldest' });
        assert.deepEqual(idsOf(run).slice(-8), [4, 5, 6, 7, 8, 9, 10, 11]);
      },
    },
    {
      name: 'counts frames that are dropped as read',
      run: async (open) => {
        const run = await flooded(open, { overflow: 'dropOldest', capacity: 3 });
        assert.equal(run.result.stats.readCount, COUNT);
      },
    },
    {
      name: 'gives waiting frames back at an early stop',
      run: async (open) => {
        const ring = new RingFrames({ timesNs: everyTen(COUNT), slotCount: COUNT });
        const graph = FlowGraph.fromModules([looker('a', { isAsync: true })]);
        const run = await runOver(open({}), ring, graph, {
          queue: { overflow: 'wait', capacity: 4 },
          onFrame: ({ frameId }) => frameId < 2,
        });
        assert.deepEqual(idsOf(run), [0, 1, 2]);
        assertAllBack(ring);
      },
    },
  ],
};
