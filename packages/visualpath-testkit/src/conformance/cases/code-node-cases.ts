import assert from 'node:assert/strict';
import type { CustomProcessor, FlowData } from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

const valueOf = ({ results }: FlowData, source: string): number =>
  Number(results.get(source)?.signals['value']);

/** cascadeFusion and custom nodes. */
export const codeNodeCases: ConformanceGroup = {
  name: 'nodes with code',
  cases: [
    ...underEverySchedule(
      'cascadeFusion adds an observation worked out from others',
      async (open) => {
        const graph = start()
          .module('look', { modules: [looker('a', { isAsync: true }), looker('b')] })
          .cascadeFusion('sum', {
            fuse: (data) => ({ signals: { value: valueOf(data, 'a') + valueOf(data, 'b') } }),
          })
          .build();
        const run = await runAt(open(), everyTen(3), graph);
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 main: a#0 b#0 sum#0',
          'frame 1 -> 1@10 main: a#1 b#1 sum#1',
          'frame 2 -> 2@20 main: a#2 b#2 sum#2',
        ]);
        assert.deepEqual(
          itemsOf(run.events).map((item) => item.observations[2]),
          [0, 1, 2].map((i) => ({
            ...{ source: 'sum', frameId: i, tNs: 10 * i, signals: { value: 2 * i } },
          })),
        );
        assert.equal(nodeText(run.result, 'sum'), 'in 3, out 3');
      },
    ),
    {
      name: 'cascadeFusion passes items on as they are for undefined',
      run: async (open) => {
        const graph = start()
          .cascadeFusion('odd', {
            fuse: ({ frame }) => (frame.frameId % 2 === 1 ? { signals: { odd: true } } : undefined),
            source: 'parity',
          })
          .build();
        const run = await runAt(open({}), everyTen(3), graph);
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 main',
          'frame 1 -> 1@10 main: parity#1',
          'frame 2 -> 2@20 main',
        ]);
        assert.equal(nodeText(run.result, 'odd'), 'in 3, out 3');
      },
    },
    ...underEverySchedule(
      'modules can depend on a fusion, and fusions on fusions',
      async (open) => {
        const graph = start()
          .cascadeFusion('one', {
            fuse: ({ frame }) => (frame.frameId === 1 ? undefined : { signals: { value: 5 } }),
          })
          .cascadeFusion('two', {
            fuse: (data) => ({ signals: { value: valueOf(data, 'one') + 1 } }),
          })
          .module('look', { modules: [looker('m', { depends: ['one', 'two'] })] })
          .signalFilter('real', { signal: 'value', op: 'eq', value: 6, source: 'two' })
          .build();
        const run = await runAt(open(), everyTen(3), graph);
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 main: one#0 two#0 m#0',
          'frame 1',
          'frame 2 -> 2@20 main: one#2 two#2 m#2',
        ]);
      },
    ),
    ...underEverySchedule('custom gives nothing, one item or several', async (open) => {
      const create = (): CustomProcessor => ({
        process: (data) => {
          switch (data.frame.frameId) {
            case 0:
              return undefined;
            case 1:
              return data.with({ path: 'one', metadata: { seen: true } });
            case 2:
              return [data.with({ path: 'one' }), data.with({ path: 'two' })];
            default:
              return [];
          }
        },
      });
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .custom('own', { create, paths: ['one', 'two'] })
        .build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1 -> 1@10 one: a#1',
        'frame 2 -> 2@20 one: a#2 | 2@20 two: a#2',
        'frame 3',
      ]);
      assert.deepEqual(
        itemsOf(run.events).map((item) => item.metadata),
        [{ seen: true }, {}, {}],
      );
      assert.equal(nodeText(run.result, 'own').replace(', filtered 2', ''), 'in 4, out 3');
    }),
    {
      name: 'edges select what custom nodes put on paths',
      run: async (open) => {
        const create = (): CustomProcessor => ({
          process: (data) => data.with({ path: data.frame.frameId === 0 ? 'first' : 'next' }),
        });
        const graph = start()
          .custom('own', { create, paths: ['first', 'next'] })
          .from('own', 'first')
          .module('look', { modules: [looker('a')] })
          .from('own', 'next')
          .module('more', { modules: [looker('b')] })
          .build();
        const run = await runAt(open({}), everyTen(3), graph);
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 first: a#0',
          'frame 1 -> 1@10 next: b#1',
          'frame 2 -> 2@20 next: b#2',
        ]);
      },
    },
    ...underEverySchedule(
      'asynchronous custom nodes see items in order, one at a time',
      async (open) => {
        const log: string[] = [];
        const create = (): CustomProcessor => ({
          process: async (data) => {
            const { frameId } = data.frame;
            log.push(`in ${frameId}`);
            await ticks(3 * (4 - (frameId % 4)));
            log.push(`out ${frameId}`);
            return data;
          },
        });
        const graph = start()
          .module('look', { modules: [looker('a', { isAsync: true })] })
          .custom('own', { create })
          .build();
        const run = await runAt(open(), everyTen(6), graph);
        assert.deepEqual(
          log,
          [0, 1, 2, 3, 4, 5].flatMap((i) => [`in ${i}`, `out ${i}`]),
        );
        assert.deepEqual(
          itemsOf(run.events).map((item) => item.frameId),
          [0, 1, 2, 3, 4, 5],
        );
      },
    ),
    ...underEverySchedule('custom gives what it keeps at the end of the stream', async (open) => {
      const create = (): CustomProcessor => {
        const kept: FlowData[] = [];
        return {
          process: (data) => {
            kept.push(data);
            return undefined;
          },
          flush: async () => {
            await ticks(2);
            return kept;
          },
        };
      };
      const graph = start()
        .module('look', { modules: [looker('a')] })
        .custom('keep', { create })
        .filter('some', { condition: ({ frame }) => frame.frameId > 0 })
        .build();
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'flush -> 1@10 main: a#1 | 2@20 main: a#2',
      ]);
      assert.equal(nodeText(run.result, 'some'), 'in 3, out 2, filtered 1');
    }),
    {
      name: 'custom is made anew for each run, once',
      run: async (open) => {
        let madeCount = 0;
        const graph = start()
          .custom('count', {
            create: () => {
              madeCount += 1;
              let count = 0;
              return {
                process: (data) => {
                  count += 1;
                  return data.with({ metadata: { count } });
                },
              };
            },
          })
          .build();
        const backend = await open({});
        for (const expectedCount of [1, 2]) {
          const run = await runAt(backend, everyTen(2), graph);
          assert.deepEqual(
            itemsOf(run.events).map((item) => item.metadata),
            [{ count: 1 }, { count: 2 }],
          );
          assert.equal(madeCount, expectedCount);
        }
      },
    },
    {
      name: 'custom gets a signal that has not aborted',
      run: async (open) => {
        const aborted: boolean[] = [];
        const create = (): CustomProcessor => ({
          process: (data, { signal }) => {
            aborted.push(signal.aborted);
            return data;
          },
        });
        await runAt(open({}), [0], start().custom('own', { create }).build());
        assert.deepEqual(aborted, [false]);
      },
    },
  ],
};
