import assert from 'node:assert/strict';
import type { CustomProcessor, FlowData } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, moduleText, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

const only = (...ids: readonly number[]) => ({
  condition: ({ frame }: FlowData): boolean => ids.includes(frame.frameId),
});

/** Nodes that keep items, one behind the other. */
export const watermarkCases: ConformanceGroup = {
  name: 'watermark',
  cases: [
    ...underEverySchedule('a join waits for what a window in one arm keeps', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.module('mx', { modules: [looker('a')] }))
        .on('y', (arm) =>
          arm.module('my', { modules: [looker('b')] }).window('spans', { windowNs: 20 }),
        )
        .join('both', { paths: ['x', 'y'] })
        .build();
      const run = await runAt(open(), everyTen(6), graph, { slotCount: 12 });
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 1@10 both: b#0 a#1 b#1',
        'frame 3',
        'frame 4 -> 3@30 both: b#2 a#3 b#3',
        'frame 5',
        'flush -> 5@50 both: b#4 a#5 b#5',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 9, out 3, unmatched 3');
    }),
    ...underEverySchedule('a join waits for what a collector in one arm keeps', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('y', (arm) => arm.collector('groups', { batchSize: 3 }))
        .join('both', { paths: ['x', 'y'] })
        .build();
      const run = await runAt(open(), everyTen(5), graph, { slotCount: 12 });
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 2@20 both',
        'frame 3',
        'frame 4',
        'flush -> 4@40 both',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 7, out 2, unmatched 3');
    }),
    ...underEverySchedule(
      'a window waits for what a custom node says that it keeps',
      async (open) => {
        const create = (): CustomProcessor => {
          let kept: FlowData | undefined;
          return {
            process: (data) => {
              const before = kept;
              kept = data;
              return before;
            },
            earliestPendingNs: () => kept?.tNs ?? Infinity,
            flush: () => (kept === undefined ? [] : [kept]),
          };
        };
        const graph = start().custom('later', { create }).window('spans', { windowNs: 20 }).build();
        const run = await runAt(open(), everyTen(4), graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'frame 3 -> 1@10 main',
          'flush -> 3@30 main',
        ]);
        assert.equal(nodeText(run.result, 'spans'), 'in 4, out 2');
      },
    ),
    ...underEverySchedule('a join waits for what a join in one arm keeps', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y', 'z'] })
        .on('x', (arm) => arm.filter('fx', only(0, 1, 3)))
        .on('y', (arm) => arm.filter('fy', only(1, 3)))
        .from('fx')
        .connect('fy', 'inner')
        .join('inner', {
          ...{ paths: ['x', 'y'], latenessNs: 10, unmatched: 'emit', path: 'xy' },
        })
        .connect('split', 'outer', 'z')
        .join('outer', { paths: ['xy', 'z'] })
        .build();
      const run = await runAt(open(), everyTen(4), graph, { slotCount: 12 });
      // x0 waits in the inner join until the watermark is past 10, so z0 and z10 wait in the outer one.
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 0@0 outer | 1@10 outer',
        'frame 3 -> 3@30 outer',
      ]);
      assert.equal(nodeText(run.result, 'inner'), 'in 5, out 3, unmatched 1');
      assert.equal(nodeText(run.result, 'outer'), 'in 7, out 3, unmatched 1');
    }),
    ...underEverySchedule('a window waits for what a join keeps', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .fanOut('split', { paths: ['x', 'y'] })
        .on('y', (arm) => arm.filter('fy', only(1, 4)))
        .join('both', { paths: ['x', 'y'], latenessNs: 15, unmatched: 'emit' })
        .window('spans', { windowNs: 20 })
        .build();
      const run = await runAt(open(), everyTen(6), graph, { slotCount: 12 });
      // x0 leaves when the watermark is past 15. The join then keeps x2 until it is past 35: until then no
      // frame of a time from 20 has been routed completely.
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3',
        'frame 4 -> 1@10 both: a#0 a#1',
        'frame 5 -> 3@30 both: a#2 a#3',
        'flush -> 5@50 both: a#4 a#5',
      ]);
      assert.equal(nodeText(run.result, 'spans'), 'in 6, out 3');
    }),
    ...underEverySchedule('a window waits for what another window keeps', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .window('short', { windowNs: 20 })
        .window('long', { windowNs: 40 })
        .build();
      const run = await runAt(open(), everyTen(8), graph);
      // At 40 the first window keeps frame 4: the newest frame that has come through it is that of 30.
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3',
        'frame 4',
        'frame 5',
        'frame 6 -> 3@30 main: a#0 a#1 a#2 a#3',
        'frame 7',
        'flush -> 7@70 main: a#4 a#5 a#6 a#7',
      ]);
      assert.equal(nodeText(run.result, 'long'), 'in 4, out 2');
    }),
    ...underEverySchedule(
      'a collector times out by what has come through a window',
      async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .window('spans', { windowNs: 20 })
          .collector('groups', { batchSize: 5, timeoutNs: 35 })
          .build();
        // The window [0, 20) leaves at 20 as an item of time 10; the collector is to wait until 45. At 50 the
        // window [40, 60) still keeps items from 40 on; at 60 it leaves as an item of time 50.
        const run = await runAt(open(), everyTen(8), graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'frame 3',
          'frame 4',
          'frame 5',
          'frame 6 -> 3@30 main: a#0 a#1 a#2 a#3',
          'frame 7',
          'flush -> 7@70 main: a#4 a#5 a#6 a#7',
        ]);
      },
    ),
    ...underEverySchedule('an arm that passes nothing holds no window up', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.filter('fx', only()).collector('never', { batchSize: 2 }))
        .on('y', (arm) => arm.module('my', { modules: [looker('a')] }))
        .join('both', { paths: ['x', 'y'], unmatched: 'emit' })
        .window('spans', { windowNs: 20 })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 1@10 both: a#0 a#1',
        'frame 4',
        'flush -> 3@30 both: a#2 a#3 | 4@40 both: a#4',
      ]);
    }),
    ...underEverySchedule('at the end nodes are flushed one after the other', async (open) => {
      const b = looker('b', { depends: ['a'], isAsync: true });
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .window('spans', { windowNs: 20 })
        .collector('groups', { batchSize: 10 })
        .module('again', { modules: [b] })
        .filter('all', { condition: ({ results }) => results.has('b') })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3',
        'frame 4',
        'flush -> 4@40 main: a#0 a#1 a#2 a#3 a#4 b#4',
      ]);
      assert.equal(moduleText(run.result, 'b'), 'called 1, saw 1, skipped 0');
      assert.equal(nodeText(run.result, 'groups'), 'in 3, out 1');
    }),
    ...underEverySchedule('at the end a join gets what its arms keep', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) =>
          arm.module('mx', { modules: [looker('a')] }).window('w', { windowNs: 100 }),
        )
        .on('y', (arm) =>
          arm.module('my', { modules: [looker('b')] }).collector('c', { batchSize: 100 }),
        )
        .join('both', { paths: ['x', 'y'] })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'flush -> 2@20 both: a#0 b#0 a#1 b#1 a#2 b#2',
      ]);
      assert.equal(itemsOf(run.events).length, 1);
      assert.equal(nodeText(run.result, 'both'), 'in 2, out 1');
    }),
  ],
};
