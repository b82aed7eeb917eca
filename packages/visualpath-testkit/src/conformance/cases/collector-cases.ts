import assert from 'node:assert/strict';
import type { CollectorSpec, FlowGraph } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt, type GoodRun } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

const collected = (options: Omit<CollectorSpec, 'kind'>): FlowGraph =>
  start()
    .module('look', { modules: [looker('a', { isAsync: true })] })
    .collector('groups', options)
    .build();

const groupsOf = ({ events }: GoodRun): readonly unknown[] =>
  itemsOf(events).map((item) => item.metadata['collector']);

/** collector: size, timeout, the end of the stream. */
export const collectorCases: ConformanceGroup = {
  name: 'collectors',
  cases: [
    ...underEverySchedule('lets items leave as one at batchSize', async (open) => {
      const run = await runAt(open(), everyTen(7), collected({ batchSize: 3 }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 2@20 main: a#0 a#1 a#2',
        'frame 3',
        'frame 4',
        'frame 5 -> 5@50 main: a#3 a#4 a#5',
        'frame 6',
        'flush -> 6@60 main: a#6',
      ]);
      assert.deepEqual(groupsOf(run), [
        { itemCount: 3, reason: 'size' },
        { itemCount: 3, reason: 'size' },
        { itemCount: 1, reason: 'flush' },
      ]);
      assert.equal(nodeText(run.result, 'groups'), 'in 7, out 3');
    }),
    ...underEverySchedule('has nothing to flush after a full group', async (open) => {
      const run = await runAt(open(), everyTen(4), collected({ batchSize: 2 }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 1@10 main: a#0 a#1',
        'frame 2',
        'frame 3 -> 3@30 main: a#2 a#3',
      ]);
    }),
    {
      name: 'passes each item on by itself with batchSize 1',
      run: async (open) => {
        const run = await runAt(open({}), everyTen(2), collected({ batchSize: 1 }));
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 main: a#0', 'frame 1 -> 1@10 main: a#1']);
        assert.deepEqual(groupsOf(run)[0], { itemCount: 1, reason: 'size' });
      },
    },
    ...underEverySchedule('lets items leave timeoutNs after the first', async (open) => {
      const graph = collected({ batchSize: 10, timeoutNs: 25 });
      const run = await runAt(open(), [0, 10, 20, 30, 40, 54, 56, 100], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 2@20 main: a#0 a#1 a#2',
        'frame 4',
        'frame 5',
        'frame 6 -> 5@54 main: a#3 a#4 a#5',
        'frame 7 -> 6@56 main: a#6',
        'flush -> 7@100 main: a#7',
      ]);
      assert.deepEqual(groupsOf(run), [
        { itemCount: 3, reason: 'timeout' },
        { itemCount: 3, reason: 'timeout' },
        { itemCount: 1, reason: 'timeout' },
        { itemCount: 1, reason: 'flush' },
      ]);
    }),
    ...underEverySchedule('times out by the watermark though no item comes', async (open) => {
      const graph = start()
        .filter('first', { condition: ({ tNs }) => tNs < 15 })
        .collector('groups', { batchSize: 5, timeoutNs: 30 })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 1@10 main',
        'frame 4',
      ]);
      assert.deepEqual(groupsOf(run), [{ itemCount: 2, reason: 'timeout' }]);
    }),
    ...underEverySchedule('starts the time anew with each group', async (open) => {
      const graph = collected({ batchSize: 2, timeoutNs: 25 });
      const run = await runAt(open(), [0, 10, 20, 30, 40, 70], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 1@10 main: a#0 a#1',
        'frame 2',
        'frame 3 -> 3@30 main: a#2 a#3',
        'frame 4',
        'frame 5 -> 4@40 main: a#4',
        'flush -> 5@70 main: a#5',
      ]);
    }),
    {
      name: 'collects nothing in an empty stream',
      run: async (open) => {
        const run = await runAt(open({}), [], collected({ batchSize: 2 }));
        assert.deepEqual(run.texts, []);
      },
    },
    ...underEverySchedule('keeps observations in order of time', async (open) => {
      const run = await runAt(open(), [20, 0, 10, 30], collected({ batchSize: 3 }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 0@20 main: a#1 a#2 a#0',
        'frame 3',
        'flush -> 3@30 main: a#3',
      ]);
    }),
  ],
};
