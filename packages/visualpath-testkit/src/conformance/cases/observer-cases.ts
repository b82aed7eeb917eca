import assert from 'node:assert/strict';
import { FlowGraph, defineModule, type DebugHooks } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { everyTen, looker, start } from './test-modules.ts';

const failing = () =>
  defineModule({
    name: 'f',
    errorPolicy: { fallback: 'skip' },
    process: () => {
      throw new Error('module');
    },
  });

/** onObservation and debug hooks. */
export const observerCases: ConformanceGroup = {
  name: 'observers',
  cases: [
    ...underEverySchedule('onObservation gets all, before triggers and frame', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true, firesAt: [1] }), looker('b')] })
        .build();
      const run = await runAt(open(), everyTen(4), graph, { recordObservations: true });
      assert.deepEqual(run.texts, [
        ...['saw a#0', 'saw b#0', 'frame 0 -> 0@0 main: a#0 b#0'],
        ...['saw a#1', 'saw b#1', 'trigger a#1', 'frame 1 -> 1@10 main: a#1 b#1'],
        ...['saw a#2', 'saw b#2', 'frame 2 -> 2@20 main: a#2 b#2'],
        ...['saw a#3', 'saw b#3', 'frame 3 -> 3@30 main: a#3 b#3'],
      ]);
    }),
    ...underEverySchedule('onObservation gets those of items that are dropped', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true, blindTo: [2] })] })
        .filter('odd', { condition: ({ frame }) => frame.frameId % 2 === 1 })
        .module('more', { modules: [looker('b', { depends: ['a'] })] })
        .build();
      const run = await runAt(open(), everyTen(5), graph, { recordObservations: true });
      assert.deepEqual(run.texts, [
        ...['saw a#0', 'frame 0'],
        ...['saw a#1', 'saw b#1', 'frame 1 -> 1@10 main: a#1 b#1'],
        ...['frame 2'],
        ...['saw a#3', 'saw b#3', 'frame 3 -> 3@30 main: a#3 b#3'],
        ...['saw a#4', 'frame 4'],
      ]);
    }),
    ...underEverySchedule(
      'onObservation gets each once, however many arms carry it',
      async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .fanOut('split', { paths: ['x', 'y'] })
          .on('y', (arm) => arm.module('more', { modules: [looker('b')] }))
          .join('both', { paths: ['x', 'y'] })
          .build();
        const run = await runAt(open(), everyTen(2), graph, { recordObservations: true });
        assert.deepEqual(run.texts, [
          ...['saw a#0', 'saw b#0', 'frame 0 -> 0@0 both: a#0 b#0'],
          ...['saw a#1', 'saw b#1', 'frame 1 -> 1@10 both: a#1 b#1'],
        ]);
      },
    ),
    ...underEverySchedule('onObservation gets those made in the flush', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .collector('groups', { batchSize: 9 })
        .module('more', { modules: [looker('b', { firesAt: [1] })] })
        .build();
      const run = await runAt(open(), everyTen(2), graph, { recordObservations: true });
      assert.deepEqual(run.texts, [
        ...['saw a#0', 'frame 0', 'saw a#1', 'frame 1'],
        ...['saw b#1', 'trigger b#1', 'flush -> 1@10 main: a#0 a#1 b#1'],
      ]);
    }),
    {
      name: 'debug hooks see what arrives at nodes and leaves them',
      run: async (open) => {
        const log: string[] = [];
        const write =
          (what: string): NonNullable<DebugHooks['enter']> =>
          ({ node, kind, items }) => {
            const isAnswer = log.at(-1)?.startsWith(`enter ${node} `) === true;
            if (kind === 'source' || (items.length === 0 && !isAnswer)) return;
            log.push(`${what} ${node} (${kind}) ${items.map((i) => i.frame.frameId).join()}`);
          };
        const graph = start()
          .module('look', { modules: [looker('a')] })
          .filter('even', { condition: ({ frame }) => frame.frameId % 2 === 0 })
          .fanOut('split', { paths: ['x', 'y'] })
          .build();
        const backend = open({ parallel: false });
        await runAt(backend, everyTen(2), graph, {
          debug: { enter: write('enter'), exit: write('exit') },
        });
        assert.deepEqual(log, [
          ...['enter look (module) 0', 'exit look (module) 0'],
          ...['enter even (filter) 0', 'exit even (filter) 0'],
          ...['enter split (fanOut) 0', 'exit split (fanOut) 0,0'],
          ...['enter look (module) 1', 'exit look (module) 1'],
          ...['enter even (filter) 1', 'exit even (filter) '],
        ]);
      },
    },
    ...underEverySchedule('debug hooks see every item once', async (open) => {
      const entered: Record<string, number[]> = {};
      const left: Record<string, number[]> = {};
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true })] })
        .sample('half', { every: 2 })
        .collector('groups', { batchSize: 2 })
        .build();
      await runAt(open(), everyTen(5), graph, {
        debug: {
          enter: ({ node, items }) => {
            (entered[node] ??= []).push(...items.map((item) => item.frame.frameId));
          },
          exit: ({ node, items }) => {
            (left[node] ??= []).push(...items.map((item) => item.frame.frameId));
          },
        },
      });
      assert.deepEqual(entered['look'], [0, 1, 2, 3, 4]);
      assert.deepEqual(left['look'], [0, 1, 2, 3, 4]);
      assert.deepEqual(entered['half'], [0, 1, 2, 3, 4]);
      assert.deepEqual(left['half'], [0, 2, 4]);
      assert.deepEqual(entered['groups'], [0, 2, 4]);
      assert.deepEqual(left['groups'], [2, 4]);
    }),
    {
      name: 'debug hooks see the state of nodes that keep items, in figures',
      run: async (open) => {
        const states: [string, string, Readonly<Record<string, number>>][] = [];
        const graph = start().collector('groups', { batchSize: 3 }).build();
        await runAt(open({}), everyTen(2), graph, {
          debug: { state: ({ node, kind, state }) => void states.push([node, kind, state]) },
        });
        assert.ok(states.length >= 2);
        for (const [node, kind, state] of states) {
          assert.deepEqual([node, kind], ['groups', 'collector']);
          assert.ok(Object.values(state).every((figure) => typeof figure === 'number'));
        }
      },
    },
    ...underEverySchedule('debug hooks see errors, whatever becomes of them', async (open) => {
      const errors: unknown[] = [];
      const graph = start()
        .module('look', { modules: [failing()] })
        .filter('code', {
          condition: () => {
            throw new Error('node');
          },
        })
        .build();
      await runAt(open(), [0], graph, {
        onNodeError: 'drop',
        debug: {
          error: ({ node, kind, error }) => {
            const { message, cause } = error as Error;
            errors.push([node, kind, cause instanceof Error ? cause.message : message]);
          },
        },
      });
      assert.deepEqual(errors, [
        ['look', 'module', 'module'],
        ['code', 'filter', 'node'],
      ]);
    }),
    ...underEverySchedule('change no result', async (open) => {
      const graph = () =>
        FlowGraph.fromModules([
          looker('a', { isAsync: true, blindTo: [2], firesAt: [1] }),
          looker('b', { depends: ['a'] }),
        ]);
      const plain = await runAt(open(), everyTen(4), graph());
      const nothing = (): void => undefined;
      const watched = await runAt(open(), everyTen(4), graph(), {
        onObservation: nothing,
        debug: { enter: nothing, exit: nothing, state: nothing, error: nothing },
      });
      assert.deepEqual(watched.events, plain.events);
    }),
  ],
};
