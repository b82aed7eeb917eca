import assert from 'node:assert/strict';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import type { RunRecord } from '../record-run.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

/** sample, timestampSample and rateLimit. */
export const samplerCases: ConformanceGroup = {
  name: 'samplers',
  cases: [
    ...underEverySchedule('sample passes the 1st item, the (n+1)th and so on', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true })] })
        .sample('third', { every: 3 })
        .build();
      const run = await runAt(open(), everyTen(8), graph);
      assert.deepEqual(ids(run), [0, 3, 6]);
      assert.equal(nodeText(run.result, 'third'), 'in 8, out 3, filtered 5');
    }),
    ...underEverySchedule('sample counts the items that reach it, not frames', async (open) => {
      const graph = start()
        .filter('some', { condition: ({ frame }) => ![1, 2, 4].includes(frame.frameId) })
        .sample('half', { every: 2 })
        .build();
      const run = await runAt(open(), everyTen(8), graph);
      assert.deepEqual(ids(run), [0, 5, 7]);
      assert.equal(nodeText(run.result, 'half'), 'in 5, out 3, filtered 2');
    }),
    {
      name: 'sample with 1 passes everything',
      run: async (open) => {
        const run = await runAt(open({}), everyTen(3), start().sample('all', { every: 1 }).build());
        assert.deepEqual(ids(run), [0, 1, 2]);
      },
    },
    ...underEverySchedule(
      'timestampSample goes by media time since the last passed',
      async (open) => {
        const graph = start().timestampSample('slow', { intervalNs: 20 }).build();
        const run = await runAt(open(), [3, 13, 22, 23, 42, 43, 44, 90, 109, 110], graph);
        assert.deepEqual(ids(run), [0, 3, 5, 7, 9]);
        assert.equal(nodeText(run.result, 'slow'), 'in 10, out 5, filtered 5');
      },
    ),
    {
      name: 'timestampSample passes nothing older than the last passed',
      run: async (open) => {
        const graph = start().timestampSample('slow', { intervalNs: 20 }).build();
        assert.deepEqual(ids(await runAt(open({}), [50, 20, 0, 60, 70], graph)), [0, 4]);
      },
    },
    {
      name: 'timestampSample takes 15 of 30 frames a second without drift',
      run: async (open) => {
        const times = Array.from({ length: 60 }, (_, i) => Math.round((i * 1e9) / 30));
        const graph = start().timestampSample('half', { intervalNs: 66_666_666 }).build();
        const run = await runAt(open({}), times, graph);
        assert.deepEqual(
          ids(run),
          Array.from({ length: 30 }, (_, i) => 2 * i),
        );
      },
    },
    {
      name: 'rateLimit goes by the injected clock',
      run: async (open) => {
        const clock = [0, 50, 99, 100, 150, 250, 251, 350];
        let nowMs = 0;
        const graph = start()
          .filter('tick', {
            condition: ({ frame }) => {
              nowMs = 1000 + clock[frame.frameId]!;
              return true;
            },
          })
          .rateLimit('slow', { minIntervalMs: 100 })
          .build();
        const backend = open({ parallel: false });
        const run = await runAt(backend, everyTen(8), graph, { nowMs: () => nowMs });
        assert.deepEqual(ids(run), [0, 3, 5, 7]);
        assert.equal(nodeText(run.result, 'slow'), 'in 8, out 4, filtered 4');
      },
    },
    ...underEverySchedule('rateLimit passes one item while the clock stands', async (open) => {
      const graph = start().rateLimit('slow', { minIntervalMs: 1 }).build();
      const run = await runAt(open(), everyTen(5), graph, { nowMs: () => 12 });
      assert.deepEqual(ids(run), [0]);
    }),
    ...underEverySchedule('rateLimit passes all items if the clock runs fast', async (open) => {
      let nowMs = 0;
      const graph = start().rateLimit('slow', { minIntervalMs: 7 }).build();
      const run = await runAt(open(), everyTen(5), graph, { nowMs: () => (nowMs += 7) });
      assert.deepEqual(ids(run), [0, 1, 2, 3, 4]);
    }),
    {
      name: 'samplers begin anew in each run',
      run: async (open) => {
        const graph = start()
          .sample('second', { every: 2 })
          .timestampSample('slow', { intervalNs: 15 })
          .build();
        const backend = await open({});
        assert.deepEqual(ids(await runAt(backend, everyTen(3), graph)), [0, 2]);
        assert.deepEqual(ids(await runAt(backend, everyTen(3), graph)), [0, 2]);
      },
    },
  ],
};

const ids = ({ events }: RunRecord): readonly number[] => itemsOf(events).map((i) => i.frameId);
