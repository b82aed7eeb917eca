import assert from 'node:assert/strict';
import {
  FlowGraph,
  Trigger,
  defineModule,
  type FlowData,
  type Observation,
  type PipelineResult,
} from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

const firing = (name: string, ...firesAt: readonly number[]) =>
  looker(name, { firesAt, isAsync: true });

const eventsOf = ({ triggers }: PipelineResult): readonly string[] =>
  triggers.map(({ label, startTimeNs }) => `${label}@${startTimeNs}`);

/** Triggers: once each, in order, and only of what leaves the graph. */
export const triggerCases: ConformanceGroup = {
  name: 'triggers',
  cases: [
    ...underEverySchedule('fire before the onFrame of their frame, in order', async (open) => {
      const graph = FlowGraph.fromModules([firing('a', 1, 2, 4), firing('b', 2, 3)]);
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: a#0 b#0',
        'trigger a#1',
        'frame 1 -> 1@10 main: a#1 b#1',
        'trigger a#2',
        'trigger b#2',
        'frame 2 -> 2@20 main: a#2 b#2',
        'trigger b#3',
        'frame 3 -> 3@30 main: a#3 b#3',
        'trigger a#4',
        'frame 4 -> 4@40 main: a#4 b#4',
      ]);
      assert.deepEqual(eventsOf(run.result), ['a@10', 'a@20', 'b@20', 'b@30', 'a@40']);
      assert.equal(run.result.stats.duplicateTriggerCount, 0);
    }),
    {
      name: 'gives the trigger of the observation, or a point at its time',
      run: async (open) => {
        const made = Trigger.range({ startTimeNs: 3, endTimeNs: 8, label: 'long', score: 0.5 });
        const own = defineModule({
          name: 'own',
          process: () => ({ signals: { should_trigger: true }, metadata: { trigger: made } }),
        });
        const plain = defineModule({
          name: 'plain',
          process: () => ({ signals: { should_trigger: true, trigger_score: 0.25 } }),
        });
        const { result } = await runAt(open({}), [10], FlowGraph.fromModules([own, plain]));
        assert.equal(result.triggers.length, 2);
        assert.deepEqual(result.triggers[0], made);
        const { kind, startTimeNs, endTimeNs, label, score } = result.triggers[1]!;
        assert.deepEqual(
          [kind, startTimeNs, endTimeNs, label, score],
          ['point', 10, 10, 'plain', 0.25],
        );
      },
    },
    {
      name: 'asks for nothing unless should_trigger is exactly true',
      run: async (open) => {
        const values = [false, 1, 'true', true];
        const a = defineModule({
          name: 'a',
          process: ({ frameId }) => ({ signals: { should_trigger: values[frameId]! } }),
        });
        const { result } = await runAt(open({}), everyTen(4), FlowGraph.fromModules([a]));
        assert.deepEqual(eventsOf(result), ['a@30']);
      },
    },
    ...underEverySchedule('call the handler of the graph, then that of the run', async (open) => {
      const log: string[] = [];
      const handler =
        (who: string) =>
        async (data: FlowData, observation: Observation): Promise<void> => {
          log.push(`${who} begins ${observation.source} ${data.frame.frameId}`);
          await ticks(5);
          log.push(`${who} ends`);
        };
      const graph = FlowGraph.fromModules([firing('a', 1)], { onTrigger: handler('graph') });
      await runAt(open(), everyTen(3), graph, {
        onTrigger: handler('run'),
        onFrame: ({ frameId }) => void log.push(`frame ${frameId}`),
      });
      assert.deepEqual(log, [
        'frame 0',
        'graph begins a 1',
        'graph ends',
        'run begins a 1',
        'run ends',
        'frame 1',
        'frame 2',
      ]);
    }),
    ...underEverySchedule('fire once though a fan-out carries them twice', async (open) => {
      const graph = start()
        .module('look', { modules: [firing('a', 1)] })
        .fanOut('split', { paths: ['x', 'y'] })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(
        run.texts.filter((text) => text.startsWith('trigger')),
        ['trigger a#1'],
      );
      assert.equal(run.texts.indexOf('trigger a#1'), 1);
      assert.deepEqual(eventsOf(run.result), ['a@10']);
      assert.equal(run.result.stats.duplicateTriggerCount, 1);
    }),
    ...underEverySchedule('fire once though arms are joined', async (open) => {
      const graph = start()
        .module('look', { modules: [firing('a', 1)] })
        .fanOut('split', { paths: ['x', 'y'] })
        .on('y', (arm) => arm.module('more', { modules: [firing('b', 1, 2)] }))
        .join('both', { paths: ['x', 'y'] })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 both: a#0 b#0',
        'trigger a#1',
        'trigger b#1',
        'frame 1 -> 1@10 both: a#1 b#1',
        'trigger b#2',
        'frame 2 -> 2@20 both: a#2 b#2',
      ]);
      assert.equal(run.result.stats.duplicateTriggerCount, 0);
    }),
    ...underEverySchedule(
      'fire when a window leaves, once though it is corrected',
      async (open) => {
        const graph = start()
          .module('look', { modules: [firing('a', 0, 3)] })
          .window('spans', { windowNs: 20, late: 'update' })
          .build();
        const run = await runAt(open(), [0, 10, 20, 5, 40], graph);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'trigger a#0',
          'frame 2 -> 1@10 main: a#0 a#1',
          'trigger a#3',
          'frame 3 -> 1@10 main: a#0 a#3 a#1',
          'frame 4 -> 2@20 main: a#2',
          'flush -> 4@40 main: a#4',
        ]);
        assert.deepEqual(eventsOf(run.result), ['a@0', 'a@5']);
        assert.equal(run.result.stats.duplicateTriggerCount, 1);
      },
    ),
    ...underEverySchedule('do not fire for items that are dropped', async (open) => {
      const graph = start()
        .module('look', { modules: [firing('a', 0, 1, 2, 3)] })
        .filter('even', { condition: ({ frame }) => frame.frameId % 2 === 0 })
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(run.texts, [
        'trigger a#0',
        'frame 0 -> 0@0 main: a#0',
        'frame 1',
        'trigger a#2',
        'frame 2 -> 2@20 main: a#2',
        'frame 3',
      ]);
      assert.deepEqual(eventsOf(run.result), ['a@0', 'a@20']);
    }),
    ...underEverySchedule('fire in the flush, before onFlush', async (open) => {
      const graph = start()
        .module('look', { modules: [firing('a', 1, 2)] })
        .collector('groups', { batchSize: 2 })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'trigger a#1',
        'frame 1 -> 1@10 main: a#0 a#1',
        'frame 2',
        'trigger a#2',
        'flush -> 2@20 main: a#2',
      ]);
      assert.deepEqual(eventsOf(run.result), ['a@10', 'a@20']);
    }),
    ...underEverySchedule('are given in order of time, whenever they left', async (open) => {
      const graph = start()
        .module('look', { modules: [firing('a', 0, 1, 2, 3)] })
        .branch('side', {
          condition: ({ frame }) => frame.frameId < 2,
          ...{ ifTrue: 'slow', ifFalse: 'fast' },
        })
        .on('slow', (arm) => arm.collector('groups', { batchSize: 9 }))
        .on('fast', (arm) => arm.sample('all', { every: 1 }))
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(
        run.texts.filter((text) => text.startsWith('trigger')),
        ['trigger a#2', 'trigger a#3', 'trigger a#0', 'trigger a#1'],
      );
      assert.deepEqual(eventsOf(run.result), ['a@0', 'a@10', 'a@20', 'a@30']);
    }),
    ...underEverySchedule('fire for fusions', async (open) => {
      const graph = start()
        .cascadeFusion('both', {
          fuse: ({ frame }) => ({ signals: { should_trigger: frame.frameId === 2 } }),
        })
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(eventsOf(run.result), ['both@20']);
    }),
  ],
};
