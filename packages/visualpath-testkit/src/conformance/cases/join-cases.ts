import assert from 'node:assert/strict';
import type { FlowGraph, JoinSpec } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

interface Arms extends Partial<Omit<JoinSpec, 'kind'>> {
  /** Frames that go through arm x; default all. */
  readonly x?: readonly number[];
  readonly y?: readonly number[];
}

/** Two arms, with a module each, that some frames go through, and a join. */
function twoArms({ x, y, ...options }: Arms = {}): FlowGraph {
  const only = (ids: readonly number[] | undefined) => ({
    condition: ({ frame }: { readonly frame: { readonly frameId: number } }) =>
      ids?.includes(frame.frameId) ?? true,
  });
  return start()
    .fanOut('split', { paths: ['x', 'y'] })
    .on('x', (arm) => arm.filter('fx', only(x)).module('mx', { modules: [looker('a')] }))
    .on('y', (arm) =>
      arm.filter('fy', only(y)).module('my', { modules: [looker('b', { isAsync: true })] }),
    )
    .join('both', { paths: ['x', 'y'], ...options })
    .build();
}

/** join: what it merges, and what becomes of the rest. */
export const joinCases: ConformanceGroup = {
  name: 'joins',
  cases: [
    ...underEverySchedule('all merges what the arms made of one frame', async (open) => {
      const run = await runAt(open(), everyTen(4), twoArms());
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 both: a#0 b#0',
        'frame 1 -> 1@10 both: a#1 b#1',
        'frame 2 -> 2@20 both: a#2 b#2',
        'frame 3 -> 3@30 both: a#3 b#3',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 8, out 4');
    }),
    ...underEverySchedule('has what several arms carry once', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a'), looker('b')] })
        .fanOut('split', { paths: ['x', 'y', 'z'] })
        .on('y', (arm) => arm.module('more', { modules: [looker('c', { depends: ['a'] })] }))
        .join('all', { paths: ['x', 'y', 'z'] })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 all: a#0 b#0 c#0',
        'frame 1 -> 1@10 all: a#1 b#1 c#1',
        'frame 2 -> 2@20 all: a#2 b#2 c#2',
      ]);
    }),
    {
      name: 'puts results on its path',
      run: async (open) => {
        const run = await runAt(open({}), [0], twoArms({ path: 'merged' }));
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 merged: a#0 b#0']);
      },
    },
    ...underEverySchedule('drops and counts what has no partners', async (open) => {
      const run = await runAt(open(), everyTen(6), twoArms({ x: [0, 1, 2, 4], y: [0, 2, 3, 5] }));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 both: a#0 b#0',
        'frame 1',
        'frame 2 -> 2@20 both: a#2 b#2',
        'frame 3',
        'frame 4',
        'frame 5',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 8, out 2, unmatched 4');
    }),
    ...underEverySchedule('emits what has no partners as partial results', async (open) => {
      const arms = { x: [0, 1, 2, 4], y: [0, 2, 3, 5], unmatched: 'emit' } as const;
      const run = await runAt(open(), everyTen(6), twoArms(arms));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 both: a#0 b#0',
        'frame 1',
        'frame 2 -> 1@10 both: a#1 | 2@20 both: a#2 b#2',
        'frame 3',
        'frame 4 -> 3@30 both: b#3',
        'frame 5 -> 4@40 both: a#4',
        'flush -> 5@50 both: b#5',
      ]);
      assert.deepEqual(
        itemsOf(run.events).map(({ metadata }) => metadata['join']),
        [undefined, partial('x'), undefined, partial('y'), partial('x'), partial('y')],
      );
      assert.equal(nodeText(run.result, 'both'), 'in 8, out 6, unmatched 4');
    }),
    ...underEverySchedule('is not held up by a path that receives nothing', async (open) => {
      const run = await runAt(open(), everyTen(4), twoArms({ y: [], unmatched: 'emit' }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@0 both: a#0',
        'frame 2 -> 1@10 both: a#1',
        'frame 3 -> 2@20 both: a#2',
        'flush -> 3@30 both: a#3',
      ]);
      const dropping = await runAt(open(), everyTen(4), twoArms({ y: [] }));
      assert.deepEqual(dropping.texts, ['frame 0', 'frame 1', 'frame 2', 'frame 3']);
      assert.equal(nodeText(dropping.result, 'both'), 'in 4, unmatched 4');
    }),
    ...underEverySchedule('merges items of different frames within windowNs', async (open) => {
      const arms = { x: [0, 2, 4, 6], y: [1, 3, 6], windowNs: 10, unmatched: 'emit' } as const;
      const run = await runAt(open(), [0, 10, 20, 31, 40, 50, 60], twoArms(arms));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 1@10 both: a#0 b#1',
        'frame 2',
        // x20 waits until the watermark is past 30: y31 is too far, and behind it in the order of time.
        'frame 3 -> 2@20 both: a#2',
        'frame 4 -> 4@40 both: b#3 a#4',
        'frame 5',
        'frame 6 -> 6@60 both: a#6 b#6',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 7, out 4, unmatched 1');
    }),
    {
      name: 'has the newest frame and the observations in order of time, whichever path is newer',
      run: async (open) => {
        const arms = { x: [1, 2], y: [0, 3], windowNs: 10 };
        const run = await runAt(open({}), everyTen(4), twoArms(arms));
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1 -> 1@10 both: b#0 a#1',
          'frame 2',
          'frame 3 -> 3@30 both: a#2 b#3',
        ]);
      },
    },
    ...underEverySchedule(
      'merges the oldest waiting items of paths of other rates',
      async (open) => {
        const arms = { y: [0, 3, 6], windowNs: 10, unmatched: 'emit' } as const;
        const run = await runAt(open(), everyTen(7), twoArms(arms));
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 both: a#0 b#0',
          'frame 1',
          'frame 2',
          'frame 3 -> 1@10 both: a#1 | 3@30 both: a#2 b#3',
          'frame 4',
          'frame 5 -> 3@30 both: a#3',
          'frame 6 -> 4@40 both: a#4 | 6@60 both: a#5 b#6',
          'flush -> 6@60 both: a#6',
        ]);
        assert.equal(nodeText(run.result, 'both'), 'in 10, out 7, unmatched 4');
      },
    ),
    ...underEverySchedule('merges three paths only if all lie within windowNs', async (open) => {
      const at = (...ids: readonly number[]) => ({
        condition: ({ frame }: { readonly frame: { readonly frameId: number } }) =>
          ids.includes(frame.frameId),
      });
      const graph = start()
        .fanOut('split', { paths: ['x', 'y', 'z'] })
        .on('x', (arm) => arm.filter('fx', at(0, 3)).module('mx', { modules: [looker('a')] }))
        .on('y', (arm) => arm.filter('fy', at(1, 4)).module('my', { modules: [looker('b')] }))
        .on('z', (arm) => arm.filter('fz', at(2, 4)).module('mz', { modules: [looker('c')] }))
        .join('all', { paths: ['x', 'y', 'z'], windowNs: 15, latenessNs: 100 })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.equal(nodeText(run.result, 'all'), 'in 6, out 1, unmatched 3');
      assert.deepEqual(
        itemsOf(run.events).map((item) => item.observations.map((o) => o.frameId)),
        [[3, 4, 4]],
      );
    }),
    {
      name: 'counts items on other paths as unrouted',
      run: async (open) => {
        const graph = start()
          .fanOut('split', { paths: ['x', 'y', 'z'] })
          .join('two', { paths: ['x', 'z'] })
          .build();
        const run = await runAt(open({}), everyTen(2), graph);
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 two', 'frame 1 -> 1@10 two']);
        assert.equal(nodeText(run.result, 'two'), 'in 6, out 2, unrouted 2');
      },
    },
    ...underEverySchedule(
      'any merges what one frame brought, and waits for nothing',
      async (open) => {
        const run = await runAt(
          open(),
          everyTen(4),
          twoArms({ x: [0, 1, 3], y: [0, 2, 3], mode: 'any' }),
        );
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 both: a#0 b#0',
          'frame 1 -> 1@10 both: a#1',
          'frame 2 -> 2@20 both: b#2',
          'frame 3 -> 3@30 both: a#3 b#3',
        ]);
        assert.equal(nodeText(run.result, 'both'), 'in 6, out 4');
      },
    ),
    ...underEverySchedule('any has what several arms carry once', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .fanOut('split', { paths: ['x', 'y'] })
        .join('one', { paths: ['x', 'y'], mode: 'any', path: 'out' })
        .build();
      const run = await runAt(open(), everyTen(2), graph);
      assert.deepEqual(run.texts, ['frame 0 -> 0@0 out: a#0', 'frame 1 -> 1@10 out: a#1']);
    }),
    {
      name: 'merges one item of each path when a frame brings several on one',
      run: async (open) => {
        const graph = start()
          .fanOut('split', { paths: ['x', 'y'] })
          .on('x', (arm) => arm.custom('twice', { create: () => ({ process: (d) => [d, d] }) }))
          .join('both', { paths: ['x', 'y'] })
          .build();
        const run = await runAt(open({}), everyTen(2), graph);
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 both', 'frame 1 -> 1@10 both']);
        assert.equal(nodeText(run.result, 'both'), 'in 6, out 2, unmatched 2');
      },
    },
  ],
};

const partial = (path: string) => ({ isPartial: true, paths: [path] });
