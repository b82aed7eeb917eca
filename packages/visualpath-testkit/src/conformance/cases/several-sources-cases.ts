import assert from 'node:assert/strict';
import {
  FlowGraphBuilder,
  isVisualError,
  observe,
  type FlowGraph,
  type Frame,
  type Frames,
  type FramesBySource,
  type JoinSpec,
} from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import {
  underEverySchedule,
  type ConformanceGroup,
  type ConformanceCase,
} from '../conformance-case.ts';
import { assertAllBack, runOver } from './run-graph.ts';
import { nodeText } from './run-text.ts';
import { looker, start, ticks } from './test-modules.ts';

const ring = (...timesNs: readonly number[]): RingFrames =>
  new RingFrames({ timesNs, slotCount: 8 });

/** Two cameras, with a module each, and a join. */
const twoCameras = (options: Partial<JoinSpec> = {}): FlowGraph =>
  new FlowGraphBuilder()
    .source('left', { path: 'l' })
    .module('ml', { modules: [looker('a', { isAsync: true })] })
    .end()
    .source('right', { path: 'r' })
    .module('mr', { modules: [looker('b')] })
    .connect('ml', 'both')
    .join('both', { paths: ['l', 'r'], windowNs: 5, ...options })
    .build();

/** The same frames from a source that takes its time. */
const slowly = (
  frames: RingFrames,
  rounds: number,
): AsyncIterable<Frame> & { readonly slotCount: number } => ({
  slotCount: frames.slotCount,
  async *[Symbol.asyncIterator]() {
    for await (const frame of frames) {
      await ticks(rounds);
      yield frame;
    }
  },
});

const mismatch = (name: string, frames: () => Frames | FramesBySource): ConformanceCase => ({
  name: `are refused if ${name}`,
  run: async (open) => {
    await assert.rejects(
      runOver(open({}), frames(), twoCameras()),
      (error) => isVisualError(error) && error.code === 'VP_SOURCES_MISMATCH',
    );
  },
});

/** Graphs with several sources. */
export const severalSourcesCases: ConformanceGroup = {
  name: 'several sources',
  cases: [
    ...underEverySchedule('are merged by time', async (open) => {
      const [left, right] = [ring(0, 10, 20, 30), ring(5, 12, 14, 40)];
      const graph = new FlowGraphBuilder()
        .source('left', { path: 'l' })
        .source('right', { path: 'r' })
        .sample('all', { every: 1 })
        .build();
      const frames = { left: slowly(left, 9), right: slowly(right, 2) };
      const run = await runOver(open(), frames, graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 l',
        'frame 0 -> 0@5 r',
        'frame 1 -> 1@10 l',
        'frame 1 -> 1@12 r',
        'frame 2 -> 2@14 r',
        'frame 2 -> 2@20 l',
        'frame 3 -> 3@30 l',
        'frame 3 -> 3@40 r',
      ]);
      assert.equal(run.result.frameCount, 8);
      assert.equal(run.result.stats.readCount, 8);
      assert.equal(nodeText(run.result, 'left'), 'in 4, out 4');
      assertAllBack(left);
      assertAllBack(right);
    }),
    ...underEverySchedule(
      'come in the order of their names where times are equal',
      async (open) => {
        const graph = new FlowGraphBuilder()
          .source('left', { path: 'l' })
          .source('right', { path: 'r' })
          .sample('all', { every: 1 })
          .build();
        const frames = { right: ring(0, 10), left: ring(0, 10) };
        const run = await runOver(open(), frames, graph);
        // The order in which they are given: the graph names its nodes, not its frames.
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 r',
          'frame 0 -> 0@0 l',
          'frame 1 -> 1@10 r',
          'frame 1 -> 1@10 l',
        ]);
      },
    ),
    ...underEverySchedule('can be joined', async (open) => {
      const frames = { left: ring(0, 10, 20), right: ring(5, 15, 25) };
      const run = await runOver(open(), frames, twoCameras());
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 0 -> 0@5 both: a#0 b#0',
        'frame 1',
        'frame 1 -> 1@15 both: a#1 b#1',
        'frame 2',
        'frame 2 -> 2@25 both: a#2 b#2',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 6, out 3');
    }),
    ...underEverySchedule('that end are waited for no longer', async (open) => {
      const frames = { left: ring(0), right: ring(5, 15, 25, 35) };
      const run = await runOver(open(), frames, twoCameras({ unmatched: 'emit' }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 0 -> 0@5 both: a#0 b#0',
        'frame 1',
        'frame 2 -> 1@15 both: b#1',
        'frame 3 -> 2@25 both: b#2',
        'flush -> 3@35 both: b#3',
      ]);
    }),
    ...underEverySchedule('that give nothing are waited for no longer', async (open) => {
      const frames = { left: ring(), right: ring(5, 15, 25) };
      const run = await runOver(open(), frames, twoCameras({ unmatched: 'emit' }));
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 0@5 both: b#0',
        'frame 2 -> 1@15 both: b#1',
        'flush -> 2@25 both: b#2',
      ]);
    }),
    ...underEverySchedule('of the same times match exactly', async (open) => {
      const frames = { left: ring(0, 10, 20), right: ring(0, 10, 20) };
      const run = await runOver(open(), frames, twoCameras({ windowNs: 0 }));
      const merged = run.texts.filter((text) => text.includes('->'));
      assert.deepEqual(merged, [
        'frame 0 -> 0@0 both: a#0 b#0',
        'frame 1 -> 1@10 both: a#1 b#1',
        'frame 2 -> 2@20 both: a#2 b#2',
      ]);
      assert.equal(nodeText(run.result, 'both'), 'in 6, out 3');
    }),
    ...underEverySchedule(
      'have frames of their own, though their ids are the same',
      async (open) => {
        const graph = new FlowGraphBuilder()
          .source('left')
          .source('right')
          .custom('both', {
            create: () => ({
              process: (data) => {
                const init = { signals: { should_trigger: true } };
                return data.with({ observations: [observe('both', data.frame, init)] });
              },
            }),
          })
          .window('spans', { windowNs: 20 })
          .build();
        const frames = { left: ring(0, 10), right: ring(5, 15) };
        const run = await runOver(open(), frames, graph);
        assert.deepEqual(run.texts.at(-1), 'flush -> 1@15 main: both#0 both#0 both#1 both#1');
        assert.deepEqual(
          run.result.triggers.map(({ startTimeNs }) => startTimeNs),
          [0, 5, 10, 15],
        );
        assert.equal(run.result.stats.duplicateTriggerCount, 0);
      },
    ),
    ...underEverySchedule('are all closed at an early stop', async (open) => {
      const [left, right] = [ring(0, 10, 20, 30), ring(5, 15, 25, 35)];
      const run = await runOver(open(), { left, right }, twoCameras(), {
        onFrame: ({ tSrcNs }) => tSrcNs < 15,
      });
      assert.equal(run.result.frameCount, 4);
      assertAllBack(left);
      assertAllBack(right);
    }),
    {
      name: 'one source may be given by its name',
      run: async (open) => {
        const run = await runOver(open({}), { source: ring(3) }, start().build());
        assert.deepEqual(run.texts, ['frame 0 -> 0@3 main']);
      },
    },
    mismatch('one is missing', () => ({ left: ring(0) })),
    mismatch('one is unknown', () => ({ left: ring(0), right: ring(0), middle: ring(0) })),
    mismatch('one has another name', () => ({ left: ring(0), write: ring(0) })),
    mismatch('there is one stream for two sources', () => ring(0)),
  ],
};
