import assert from 'node:assert/strict';
import type { FlowData, FlowGraph, JoinSpec } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

/** A join whose arm y lets each frame through only when `delay` further ones have come. */
function withDelay(delay: number, options: Partial<Omit<JoinSpec, 'kind'>>): FlowGraph {
  const create = () => {
    const kept: FlowData[] = [];
    return {
      process: (data: FlowData) => {
        kept.push(data);
        return kept.length > delay ? kept.shift() : undefined;
      },
      flush: () => kept.splice(0),
    };
  };
  return start()
    .fanOut('split', { paths: ['x', 'y'] })
    .on('x', (arm) => arm.module('mx', { modules: [looker('a')] }))
    .on('y', (arm) => arm.module('my', { modules: [looker('b')] }).custom('later', { create }))
    .join('both', { paths: ['x', 'y'], ...options })
    .build();
}

/** join: how long it waits, what comes too late, in which order results leave. */
export const joinTimeCases: ConformanceGroup = {
  name: 'joins and time',
  cases: [
    ...underEverySchedule('waits until the watermark is past an item', async (open) => {
      // When y0 comes, in the turn of frame 1, the watermark is still at 0 and not past it.
      const run = await runAt(open(), everyTen(4), withDelay(1, {}));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@0 both: a#0 b#0',
        'frame 2 -> 1@10 both: a#1 b#1',
        'frame 3 -> 2@20 both: a#2 b#2',
        'flush -> 3@30 both: a#3 b#3',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 8, out 4');
    }),
    ...underEverySchedule('counts items that come after their partners have gone', async (open) => {
      const run = await runAt(open(), everyTen(5), withDelay(2, {}), { slotCount: 8 });
      // y0 comes when the watermark is at 10. At the end y4 is in time for x4, y3 is not for x3.
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3',
        'frame 4',
        'flush -> 4@40 both: a#4 b#4',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 10, out 1, unmatched 4, late 4');
    }),
    ...underEverySchedule('waits latenessNs longer', async (open) => {
      const graph = withDelay(2, { latenessNs: 10 });
      const run = await runAt(open(), everyTen(5), graph, { slotCount: 8 });
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2 -> 0@0 both: a#0 b#0',
        'frame 3 -> 1@10 both: a#1 b#1',
        'frame 4 -> 2@20 both: a#2 b#2',
        'flush -> 3@30 both: a#3 b#3 | 4@40 both: a#4 b#4',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 10, out 5');
    }),
    ...underEverySchedule('keeps an item for exactly windowNs + latenessNs', async (open) => {
      const only = (ids: readonly number[]) => ({
        condition: ({ frame }: FlowData) => ids.includes(frame.frameId),
      });
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.filter('fx', only([0])))
        .on('y', (arm) => arm.filter('fy', only([])))
        .join('both', { paths: ['x', 'y'], windowNs: 10, latenessNs: 20, unmatched: 'emit' })
        .build();
      const run = await runAt(open(), [5, 34, 35, 36, 50], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 0@5 both',
        'frame 4',
      ]);
    }),
    ...underEverySchedule('lets results leave in order of time', async (open) => {
      const only = (ids: readonly number[]) => ({
        condition: ({ frame }: FlowData) => ids.includes(frame.frameId),
      });
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.filter('fx', only([0, 1, 2, 3, 4])))
        .on('y', (arm) => arm.filter('fy', only([1, 2, 4])))
        .join('both', { paths: ['x', 'y'], latenessNs: 20, unmatched: 'emit' })
        .build();
      const run = await runAt(open(), everyTen(6), graph);
      assert.deepEqual(
        itemsOf(run.events).map((item) => item.tNs),
        [0, 10, 20, 30, 40],
      );
      assert.deepEqual(run.texts.slice(0, 4), [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 0@0 both | 1@10 both | 2@20 both',
      ]);
      assert.deepEqual(
        itemsOf(run.events).map(({ metadata }) => metadata['join'] !== undefined),
        [true, false, false, true, false],
      );
    }),
    ...underEverySchedule('merges frames that come late, as long as they may', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.module('mx', { modules: [looker('a')] }))
        .join('both', { paths: ['x', 'y'], latenessNs: 15 })
        .build();
      // Frame 3 is 10 behind the watermark, frame 5 is 20 behind it.
      const run = await runAt(open(), [0, 10, 20, 10, 30, 10, 40], graph);
      assert.deepEqual(
        itemsOf(run.events).map((item) => item.frameId),
        [0, 1, 2, 3, 4, 6],
      );
      assert.equal(nodeText(run.result, 'both'), 'in 14, out 6, late 2');
    }),
    ...underEverySchedule('treats late items as such without partners, at once', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('y', (arm) => arm.sample('second', { every: 2 }))
        .join('both', { paths: ['x', 'y'], unmatched: 'emit' })
        .build();
      const run = await runAt(open(), [0, 10, 20, 5, 30], graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 both',
        'frame 1',
        'frame 2 -> 1@10 both | 2@20 both',
        'frame 3 -> 3@5 both',
        'frame 4 -> 4@30 both',
      ]);
      assert.deepEqual(itemsOf(run.events)[3]?.metadata['join'], { isPartial: true, paths: ['x'] });
      assert.equal(nodeText(run.result, 'both'), 'in 8, out 5, unmatched 1, late 1');
    }),
    ...underEverySchedule('never lets the watermark go back', async (open) => {
      const graph = start()
        .fanOut('split', { paths: ['x', 'y'] })
        .on('x', (arm) => arm.filter('fx', { condition: ({ frame }) => frame.frameId !== 1 }))
        .on('y', (arm) => arm.filter('fy', { condition: ({ frame }) => frame.frameId === 1 }))
        .join('both', { paths: ['x', 'y'], windowNs: 100, latenessNs: 0, unmatched: 'emit' })
        .build();
      // Frame 3 is at 20 when the watermark is at 160: the watermark stays there.
      const run = await runAt(open(), [50, 150, 160, 20, 251], graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 1@150 both',
        'frame 2',
        'frame 3 -> 3@20 both',
        'frame 4',
        'flush -> 2@160 both | 4@251 both',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 5, out 4, unmatched 2, late 1');
    }),
    {
      name: 'flushes what waits at the end of the stream, in order of time',
      run: async (open) => {
        const graph = withDelay(9, { latenessNs: 1000, unmatched: 'emit' });
        const run = await runAt(open({}), everyTen(3), graph, { slotCount: 8 });
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'flush -> 0@0 both: a#0 b#0 | 1@10 both: a#1 b#1 | 2@20 both: a#2 b#2',
        ]);
      },
    },
  ],
};
