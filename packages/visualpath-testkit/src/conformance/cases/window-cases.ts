import assert from 'node:assert/strict';
import type { FlowGraph, WindowSpec } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt, type GoodRun } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

const windowed = (options: Omit<WindowSpec, 'kind'>): FlowGraph =>
  start()
    .module('look', { modules: [looker('a', { isAsync: true })] })
    .window('spans', options)
    .build();

const spansOf = ({ events }: GoodRun): readonly unknown[] =>
  itemsOf(events).map((item) => item.metadata['window']);

const span = (startNs: number, endNs: number, itemCount: number, isUpdate = false) => ({
  ...{ startNs, endNs, itemCount, isUpdate },
});

/** window: bounds, lateness, gaps, late items, the end of the stream. */
export const windowCases: ConformanceGroup = {
  name: 'windows',
  cases: [
    ...underEverySchedule('collects [k * windowNs, (k + 1) * windowNs)', async (open) => {
      const run = await runAt(open(), [0, 10, 29, 30, 59, 61], windowed({ windowNs: 30 }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 2@29 main: a#0 a#1 a#2',
        'frame 4',
        'frame 5 -> 4@59 main: a#3 a#4',
        'flush -> 5@61 main: a#5',
      ]);
      assert.deepEqual(spansOf(run), [span(0, 30, 3), span(30, 60, 2), span(60, 90, 1)]);
      assert.equal(nodeText(run.result, 'spans'), 'in 6, out 3');
    }),
    ...underEverySchedule(
      'starts windows at multiples of windowNs, not at the first item',
      async (open) => {
        const run = await runAt(open(), [25, 35, 45, 65], windowed({ windowNs: 30 }));
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1 -> 0@25 main: a#0',
          'frame 2',
          'frame 3 -> 2@45 main: a#1 a#2',
          'flush -> 3@65 main: a#3',
        ]);
        assert.deepEqual(spansOf(run), [span(0, 30, 1), span(30, 60, 2), span(60, 90, 1)]);
      },
    ),
    ...underEverySchedule('gives nothing for windows without items', async (open) => {
      const run = await runAt(open(), [5, 95, 100, 1000], windowed({ windowNs: 30 }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@5 main: a#0',
        'frame 2',
        'frame 3 -> 2@100 main: a#1 a#2',
        'flush -> 3@1000 main: a#3',
      ]);
      assert.deepEqual(spansOf(run), [span(0, 30, 1), span(90, 120, 2), span(990, 1020, 1)]);
    }),
    ...underEverySchedule('leaves before later windows, whichever began first', async (open) => {
      const graph = windowed({ windowNs: 10, latenessNs: 100 });
      const run = await runAt(open(), [15, 5, 200], graph);
      assert.deepEqual(spansOf(run), [span(0, 10, 1), span(10, 20, 1), span(200, 210, 1)]);
    }),
    ...underEverySchedule(
      'leaves when the watermark passes it though no item comes',
      async (open) => {
        const graph = start()
          .filter('first', { condition: ({ tNs }) => tNs < 25 })
          .window('spans', { windowNs: 30 })
          .build();
        const run = await runAt(open(), everyTen(5), graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'frame 3 -> 2@20 main',
          'frame 4',
        ]);
      },
    ),
    ...underEverySchedule('waits latenessNs longer, for late items', async (open) => {
      const graph = windowed({ windowNs: 30, latenessNs: 20 });
      const run = await runAt(open(), [0, 20, 40, 49, 10, 50, 29, 80], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3',
        'frame 4',
        'frame 5 -> 1@20 main: a#0 a#4 a#1',
        'frame 6',
        'frame 7 -> 5@50 main: a#2 a#3 a#5',
        'flush -> 7@80 main: a#7',
      ]);
      assert.deepEqual(spansOf(run), [span(0, 30, 3), span(30, 60, 3), span(60, 90, 1)]);
      assert.equal(nodeText(run.result, 'spans'), 'in 8, out 3, late 1');
    }),
    ...underEverySchedule(
      'takes items out of order as long as their window is open',
      async (open) => {
        const run = await runAt(open(), [20, 0, 10, 45, 30], windowed({ windowNs: 30 }));
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'frame 3 -> 0@20 main: a#1 a#2 a#0',
          'frame 4',
          'flush -> 3@45 main: a#4 a#3',
        ]);
        assert.equal(nodeText(run.result, 'spans'), 'in 5, out 2');
      },
    ),
    ...underEverySchedule('drops and counts late items', async (open) => {
      const run = await runAt(
        open(),
        [0, 30, 10, 20, 40, 61],
        windowed({ windowNs: 30, late: 'drop' }),
      );
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@0 main: a#0',
        'frame 2',
        'frame 3',
        'frame 4',
        'frame 5 -> 4@40 main: a#1 a#4',
        'flush -> 5@61 main: a#5',
      ]);
      assert.equal(nodeText(run.result, 'spans'), 'in 6, out 3, late 2');
    }),
    ...underEverySchedule('passes late items on by themselves', async (open) => {
      const graph = windowed({ windowNs: 30, late: 'sideOutput' });
      const run = await runAt(open(), [0, 30, 10, 20, 40], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@0 main: a#0',
        'frame 2 -> 2@10 late: a#2',
        'frame 3 -> 3@20 late: a#3',
        'frame 4',
        'flush -> 4@40 main: a#1 a#4',
      ]);
      assert.deepEqual(spansOf(run), [span(0, 30, 1), undefined, undefined, span(30, 60, 2)]);
      assert.equal(nodeText(run.result, 'spans'), 'in 5, out 4, late 2');
    }),
    {
      name: 'passes late items on on latePath, for edges to select',
      run: async (open) => {
        const graph = start()
          .window('spans', { windowNs: 30, late: 'sideOutput', latePath: 'behind' })
          .from('spans', 'behind')
          .module('late', { modules: [looker('b')] })
          .from('spans', 'main')
          .module('timely', { modules: [looker('c')] })
          .build();
        const run = await runAt(open({}), [0, 30, 10, 60], graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1 -> 0@0 main: c#0',
          'frame 2 -> 2@10 behind: b#2',
          'frame 3 -> 1@30 main: c#1',
          'flush -> 3@60 main: c#3',
        ]);
      },
    },
    ...underEverySchedule('corrects a window that has left', async (open) => {
      const graph = windowed({ windowNs: 30, late: 'update' });
      const run = await runAt(open(), [0, 20, 30, 10, 29, 61], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 1@20 main: a#0 a#1',
        'frame 3 -> 1@20 main: a#0 a#3 a#1',
        'frame 4 -> 4@29 main: a#0 a#3 a#1 a#4',
        'frame 5 -> 2@30 main: a#2',
        'flush -> 5@61 main: a#5',
      ]);
      assert.deepEqual(spansOf(run), [
        span(0, 30, 2),
        span(0, 30, 3, true),
        span(0, 30, 4, true),
        span(30, 60, 1),
        span(60, 90, 1),
      ]);
      assert.equal(nodeText(run.result, 'spans'), 'in 6, out 5, late 2');
    }),
    ...underEverySchedule('corrects a window only for updateWithinNs', async (open) => {
      const graph = windowed({ windowNs: 30, late: 'update', updateWithinNs: 40 });
      const run = await runAt(open(), [0, 35, 65, 10, 75, 20, 95], graph);
      assert.deepEqual(spansOf(run), [
        span(0, 30, 1),
        span(30, 60, 1),
        span(0, 30, 2, true),
        span(60, 90, 2),
        span(90, 120, 1),
      ]);
      assert.equal(nodeText(run.result, 'spans'), 'in 7, out 5, late 2');
    }),
    {
      name: 'corrects a window for ten windows by default',
      run: async (open) => {
        const graph = windowed({ windowNs: 10, late: 'update' });
        const within = await runAt(open({}), [0, 105, 5], graph);
        assert.deepEqual(spansOf(within), [
          span(0, 10, 1),
          span(0, 10, 2, true),
          span(100, 110, 1),
        ]);
        const after = await runAt(open({}), [0, 115, 5], graph);
        assert.deepEqual(spansOf(after), [span(0, 10, 1), span(110, 120, 1)]);
      },
    },
    {
      name: 'has what two arms carry once',
      run: async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .fanOut('split', { paths: ['x', 'x2'] })
          .join('one', { paths: ['x', 'x2'], mode: 'any' })
          .window('spans', { windowNs: 20 })
          .build();
        const run = await runAt(open({}), everyTen(4), graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2 -> 1@10 one: a#0 a#1',
          'frame 3',
          'flush -> 3@30 one: a#2 a#3',
        ]);
      },
    },
  ],
};
