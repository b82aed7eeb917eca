import assert from 'node:assert/strict';
import type { FlowData } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { nodeText, runTextsSorted } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

const from = (least: number) => ({ signal: 'value', op: 'ge', value: least }) as const;
const isDivisibleBy =
  (n: number) =>
  ({ frame }: FlowData): boolean =>
    frame.frameId % n === 0;

const looked = () => start().module('look', { modules: [looker('a', { isAsync: true })] });

/** branch, fanOut, multiBranch and conditionalFanOut. */
export const routeCases: ConformanceGroup = {
  name: 'routes',
  cases: [
    ...underEverySchedule('branch puts each item on one of two paths', async (open) => {
      const graph = looked()
        .branch('size', { condition: from(2), ifTrue: 'big', ifFalse: 'small' })
        .on('big', (arm) => arm.module('more', { modules: [looker('b')] }))
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 2@20 big: a#2 b#2',
        'frame 3 -> 3@30 big: a#3 b#3',
      ]);
      assert.equal(nodeText(run.result, 'size'), 'in 4, out 2, unrouted 2');
    }),
    {
      name: 'branch decides by a function',
      run: async (open) => {
        const condition = isDivisibleBy(3);
        const graph = looked().branch('third', { condition, ifTrue: 'x', ifFalse: 'y' }).build();
        const run = await runAt(open({}), everyTen(4), graph);
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 x: a#0',
          'frame 1 -> 1@10 y: a#1',
          'frame 2 -> 2@20 y: a#2',
          'frame 3 -> 3@30 x: a#3',
        ]);
        assert.equal(nodeText(run.result, 'third'), 'in 4, out 4');
      },
    },
    ...underEverySchedule('fanOut puts each item on every path', async (open) => {
      const graph = looked()
        .fanOut('split', { paths: ['x', 'y', 'z'] })
        .build();
      const run = await runAt(open(), everyTen(2), graph);
      assert.deepEqual(runTextsSorted(run.events), [
        'frame 0 -> 0@0 x: a#0 | 0@0 y: a#0 | 0@0 z: a#0',
        'frame 1 -> 1@10 x: a#1 | 1@10 y: a#1 | 1@10 z: a#1',
      ]);
      assert.equal(nodeText(run.result, 'split'), 'in 2, out 6');
    }),
    {
      name: 'fanOut counts the copies that no edge is for',
      run: async (open) => {
        const graph = looked()
          .fanOut('split', { paths: ['x', 'y', 'z'] })
          .on('x', (arm) => arm.sample('all', { every: 1 }))
          .from('split', 'y')
          .sample('every', { every: 1 })
          .build();
        const run = await runAt(open({}), everyTen(2), graph);
        assert.equal(nodeText(run.result, 'split'), 'in 2, out 4, unrouted 2');
      },
    },
    ...underEverySchedule('multiBranch takes the first condition that holds', async (open) => {
      const graph = looked()
        .multiBranch('size', {
          branches: [
            { condition: from(3), path: 'big' },
            { condition: from(2), path: 'medium' },
            { condition: isDivisibleBy(1), path: 'any' },
          ],
          defaultPath: 'never',
        })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 any: a#0',
        'frame 1 -> 1@10 any: a#1',
        'frame 2 -> 2@20 medium: a#2',
        'frame 3 -> 3@30 big: a#3',
        'frame 4 -> 4@40 big: a#4',
      ]);
      assert.equal(nodeText(run.result, 'size'), 'in 5, out 5');
    }),
    {
      name: 'multiBranch puts the others on the default path',
      run: async (open) => {
        const graph = looked()
          .multiBranch('size', {
            branches: [{ condition: from(1), path: 'some' }],
            defaultPath: 'rest',
          })
          .build();
        const run = await runAt(open({}), everyTen(2), graph);
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 rest: a#0', 'frame 1 -> 1@10 some: a#1']);
        assert.equal(nodeText(run.result, 'size'), 'in 2, out 2');
      },
    },
    ...underEverySchedule('multiBranch without a default counts the others', async (open) => {
      const graph = looked()
        .multiBranch('size', { branches: [{ condition: from(2), path: 'some' }] })
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 2@20 some: a#2',
        'frame 3 -> 3@30 some: a#3',
      ]);
      assert.equal(nodeText(run.result, 'size'), 'in 4, out 2, unrouted 2');
    }),
    ...underEverySchedule('conditionalFanOut takes every condition that holds', async (open) => {
      const graph = looked()
        .conditionalFanOut('kinds', {
          branches: [
            { condition: isDivisibleBy(2), path: 'two' },
            { condition: isDivisibleBy(3), path: 'three' },
          ],
        })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(runTextsSorted(run.events), [
        'frame 0 -> 0@0 three: a#0 | 0@0 two: a#0',
        'frame 1',
        'frame 2 -> 2@20 two: a#2',
        'frame 3 -> 3@30 three: a#3',
        'frame 4 -> 4@40 two: a#4',
      ]);
      assert.equal(nodeText(run.result, 'kinds'), 'in 5, out 5, unrouted 1');
    }),
    ...underEverySchedule('a sampler counts the items of each arm by itself', async (open) => {
      const graph = looked()
        .branch('side', { condition: isDivisibleBy(2), ifTrue: 'even', ifFalse: 'odd' })
        .on('even', (arm) => arm.sample('evens', { every: 2 }))
        .on('odd', (arm) => arm.sample('odds', { every: 2 }))
        .build();
      const run = await runAt(open(), everyTen(7), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 even: a#0',
        'frame 1 -> 1@10 odd: a#1',
        'frame 2',
        'frame 3',
        'frame 4 -> 4@40 even: a#4',
        'frame 5 -> 5@50 odd: a#5',
        'frame 6',
      ]);
    }),
    ...underEverySchedule('a branch inside an arm of a branch', async (open) => {
      const graph = looked()
        .branch('two', { condition: isDivisibleBy(2), ifTrue: 'even', ifFalse: 'odd' })
        .on('even', (arm) =>
          arm.branch('four', { condition: isDivisibleBy(4), ifTrue: 'four', ifFalse: 'two' }),
        )
        .module('all', { modules: [looker('b', { depends: ['a'] })] })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 four: a#0 b#0',
        'frame 1 -> 1@10 odd: a#1 b#1',
        'frame 2 -> 2@20 two: a#2 b#2',
        'frame 3 -> 3@30 odd: a#3 b#3',
        'frame 4 -> 4@40 four: a#4 b#4',
      ]);
    }),
  ],
};
