import assert from 'node:assert/strict';
import { FlowGraph, defineModule, isVisualError, type Observation } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { itemsOf, moduleText, nodeText } from './run-text.ts';
import { failAt, runAt } from './run-graph.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

/** Module nodes: dependencies, results, figures. */
export const moduleCases: ConformanceGroup = {
  name: 'modules',
  cases: [
    ...underEverySchedule('runs modules in the order of their dependencies', async (open) => {
      const c = looker('c', { depends: ['b'], isAsync: true });
      const b = looker('b', { depends: ['a'] });
      const a = looker('a', { isAsync: true });
      const run = await runAt(open(), everyTen(5), FlowGraph.fromModules([c, b, a]));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: a#0 b#0 c#0',
        'frame 1 -> 1@10 main: a#1 b#1 c#1',
        'frame 2 -> 2@20 main: a#2 b#2 c#2',
        'frame 3 -> 3@30 main: a#3 b#3 c#3',
        'frame 4 -> 4@40 main: a#4 b#4 c#4',
      ]);
      assert.equal(nodeText(run.result, 'modules'), 'in 5, out 5');
      assert.equal(moduleText(run.result, 'c'), 'called 5, saw 5, skipped 0');
    }),
    ...underEverySchedule('gives a module what the others saw in the same frame', async (open) => {
      const seen: unknown[] = [];
      const a = looker('a', { isAsync: true });
      const b = looker('b', { blindTo: [1] });
      const sum = defineModule<string, undefined, readonly ['a'], readonly ['b']>({
        name: 'sum',
        depends: ['a'],
        optionalDepends: ['b'],
        stateful: true,
        process: (frame, deps) => {
          const { b: other } = deps;
          seen.push([frame.frameId, deps.a.frameId, deps.a.signals['value'], other?.frameId]);
          return undefined;
        },
      });
      await runAt(open(), everyTen(5), FlowGraph.fromModules([sum, a, b]));
      assert.deepEqual(seen, [
        [0, 0, 0, 0],
        [1, 1, 1, undefined],
        [2, 2, 2, 2],
        [3, 3, 3, 3],
        [4, 4, 4, 4],
      ]);
    }),
    ...underEverySchedule('gives a module what modules of earlier nodes saw', async (open) => {
      const graph = start()
        .module('first', { modules: [looker('a', { isAsync: true, blindTo: [2] })] })
        .sample('thin', { every: 2 })
        .module('second', { modules: [looker('b', { depends: ['a'] })] })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: a#0 b#0',
        'frame 1',
        'frame 2 -> 2@20 main',
        'frame 3',
        'frame 4 -> 4@40 main: a#4 b#4',
      ]);
      assert.equal(moduleText(run.result, 'b'), 'called 2, saw 2, skipped 1');
    }),
    ...underEverySchedule(
      'skips and counts where a required dependency is missing',
      async (open) => {
        const a = looker('a', { blindTo: [1, 3] });
        const b = looker('b', { depends: ['a'], blindTo: [4] });
        const c = looker('c', { depends: ['b'] });
        const d = looker('d', { optionalDepends: ['b'] });
        const run = await runAt(open(), everyTen(5), FlowGraph.fromModules([a, b, c, d]));
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 main: a#0 b#0 c#0 d#0',
          'frame 1 -> 1@10 main: d#1',
          'frame 2 -> 2@20 main: a#2 b#2 c#2 d#2',
          'frame 3 -> 3@30 main: d#3',
          'frame 4 -> 4@40 main: a#4 d#4',
        ]);
        assert.equal(moduleText(run.result, 'a'), 'called 5, saw 3, skipped 0');
        assert.equal(moduleText(run.result, 'b'), 'called 3, saw 2, skipped 2');
        assert.equal(moduleText(run.result, 'c'), 'called 2, saw 2, skipped 3');
        assert.equal(moduleText(run.result, 'd'), 'called 5, saw 5, skipped 0');
      },
    ),
    ...underEverySchedule('keeps the order of modules whatever their speed', async (open) => {
      const slow = defineModule({
        name: 'slow',
        process: async () => {
          await ticks(20);
          return { signals: {} };
        },
      });
      const run = await runAt(open(), [0, 10], FlowGraph.fromModules([slow, looker('fast')]));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: slow#0 fast#0',
        'frame 1 -> 1@10 main: slow#1 fast#1',
      ]);
    }),
    {
      name: 'puts items on the path of the node',
      run: async (open) => {
        const graph = start()
          .path('faces', { modules: [looker('a')] })
          .build();
        const run = await runAt(open({}), [0, 10], graph);
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 faces: a#0', 'frame 1 -> 1@10 faces: a#1']);
      },
    },
    ...underEverySchedule('takes null and undefined for "saw nothing"', async (open) => {
      const results = [undefined, null, { signals: {} }];
      const one = defineModule({ name: 'one', process: ({ frameId }) => results[frameId] });
      const other = defineModule({
        name: 'other',
        process: ({ frameId }) => Promise.resolve(results[frameId]),
      });
      const run = await runAt(open(), everyTen(3), FlowGraph.fromModules([one, other]));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main',
        'frame 1 -> 1@10 main',
        'frame 2 -> 2@20 main: one#2 other#2',
      ]);
    }),
    {
      name: 'adds source, frame and time to what a module returns, and keeps the rest',
      run: async (open) => {
        const data = { boxes: new Float32Array([1, 2]) };
        const timing = { net: 3 };
        const metadata = { model: 'm' };
        let seen: Observation | undefined;
        const a = defineModule({
          name: 'a',
          process: () => ({ signals: { n: 1, ok: true, who: 'x' }, data, metadata, timing }),
        });
        const onFrame = (
          _: unknown,
          [item]: readonly { observations: readonly Observation[] }[],
        ) => {
          seen = item?.observations[0];
        };
        await runAt(open({}), [25], FlowGraph.fromModules([a]), { onFrame });
        assert.deepEqual(seen, {
          ...{ source: 'a', frameId: 0, tNs: 25, signals: { n: 1, ok: true, who: 'x' } },
          ...{ data, metadata, timing },
        });
      },
    },
    {
      name: 'names the module that returned something else',
      run: async (open) => {
        const a = defineModule({ name: 'a.bad', process: () => 7 as unknown as undefined });
        const { error } = await failAt(open({}), [0], FlowGraph.fromModules([a]));
        assert.ok(error instanceof Error);
        const bad = [error, error.cause].find(
          (one) => isVisualError(one) && one.code === 'VP_MODULE_BAD_RESULT',
        );
        assert.ok(bad, `got ${String(error)}`);
        assert.match(error.message, /a\.bad/);
      },
    },
    {
      name: 'gives a module a signal that has not aborted',
      run: async (open) => {
        const aborted: boolean[] = [];
        const a = defineModule({
          name: 'a',
          process: (_frame, _deps, { signal }) => {
            assert.ok(signal instanceof AbortSignal);
            aborted.push(signal.aborted);
            return undefined;
          },
        });
        await runAt(open({}), [0, 10], FlowGraph.fromModules([a]));
        assert.deepEqual(aborted, [false, false]);
      },
    },
    {
      name: 'aborts the signal of a call only if the run ends early',
      run: async (open) => {
        const signals: AbortSignal[] = [];
        const a = defineModule({
          name: 'a',
          process: (_frame, _deps, { signal }) => {
            signals.push(signal);
            return undefined;
          },
        });
        await runAt(open({}), [0], FlowGraph.fromModules([a]));
        assert.equal(signals[0]?.aborted, false);
      },
    },
    {
      name: 'gives modules behind a collector the newest frame and observation',
      run: async (open) => {
        const seen: unknown[] = [];
        const late = defineModule<string, undefined, readonly ['a']>({
          name: 'late',
          depends: ['a'],
          process: (frame, deps) => {
            seen.push([frame.frameId, frame.data[0], deps.a.frameId]);
            return { signals: {} };
          },
        });
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .collector('pairs', { batchSize: 2 })
          .module('again', { modules: [late] })
          .build();
        const run = await runAt(open({}), everyTen(4), graph);
        assert.deepEqual(seen, [
          [1, 1, 1],
          [3, 3, 3],
        ]);
        assert.deepEqual(
          itemsOf(run.events).map((item) => item.observations.length),
          [3, 3],
        );
      },
    },
  ],
};
