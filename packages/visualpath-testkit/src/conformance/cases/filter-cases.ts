import assert from 'node:assert/strict';
import { defineModule, type SignalCondition, type SignalValue } from 'visualpath';
import {
  underEverySchedule,
  type ConformanceCase,
  type ConformanceGroup,
} from '../conformance-case.ts';
import type { RunRecord } from '../record-run.ts';
import { runAt } from './run-graph.ts';
import { itemsOf, nodeText } from './run-text.ts';
import { everyTen, looker, start } from './test-modules.ts';

/** A signal per frame: frame 0 has 1, frame 1 has 2 and so on; `undefined` for no such signal. */
const VALUES: readonly (SignalValue | undefined)[] = [
  1,
  2,
  3,
  NaN,
  '2',
  'b',
  true,
  false,
  undefined,
];

const LOOKING_FOR: readonly (readonly [SignalCondition['op'], SignalValue, readonly number[]])[] = [
  ['eq', 2, [1]],
  ['ne', 2, [0, 2, 3]],
  ['gt', 2, [2]],
  ['ge', 2, [1, 2]],
  ['lt', 2, [0]],
  ['le', 2, [0, 1]],
  ['eq', '2', [4]],
  ['ne', '2', [5]],
  ['gt', '2', [5]],
  ['ge', '2', [4, 5]],
  ['lt', 'b', [4]],
  ['le', 'b', [4, 5]],
  ['eq', true, [6]],
  ['ne', true, [7]],
  ['eq', NaN, []],
];

/** Filters: what they pass, and that they count the rest. */
export const filterCases: ConformanceGroup = {
  name: 'filters',
  cases: [
    ...underEverySchedule('filter passes what its function says', async (open) => {
      const graph = start()
        .module('look', { modules: [looker('a', { isAsync: true })] })
        .filter('big', {
          condition: ({ results }) => Number(results.get('a')?.signals['value']) > 2,
        })
        .build();
      const run = await runAt(open(), everyTen(5), graph);
      assert.deepEqual(run.texts, [
        'frame 0',
        'frame 1',
        'frame 2',
        'frame 3 -> 3@30 main: a#3',
        'frame 4 -> 4@40 main: a#4',
      ]);
      assert.equal(nodeText(run.result, 'big'), 'in 5, out 2, filtered 3');
    }),
    {
      name: 'filter passes what a signal condition says',
      run: async (open) => {
        const condition = { signal: 'value', op: 'lt', value: 2, source: 'a' } as const;
        const graph = start()
          .module('look', { modules: [looker('a', { blindTo: [0] }), looker('b')] })
          .filter('small', { condition })
          .build();
        const run = await runAt(open({}), everyTen(4), graph);
        assert.deepEqual(passed(run), [1]);
        assert.equal(nodeText(run.result, 'small'), 'in 4, out 1, filtered 3');
      },
    },
    ...LOOKING_FOR.map(([op, value, expected]) => comparison(op, value, expected)),
    {
      name: 'signalFilter looks at every observation, or at those of one source',
      run: async (open) => {
        const modules = [looker('a'), looker('b', { blindTo: [2] })];
        const wanted = { signal: 'value', op: 'ge', value: 2 } as const;
        const any = start().module('look', { modules }).signalFilter('any', wanted).build();
        assert.deepEqual(passed(await runAt(open({}), everyTen(4), any)), [2, 3]);
        const one = start()
          .module('look', { modules })
          .signalFilter('one', { ...wanted, source: 'b' })
          .build();
        assert.deepEqual(passed(await runAt(open({}), everyTen(4), one)), [3]);
      },
    },
    ...underEverySchedule('observationFilter passes items with an observation', async (open) => {
      const modules = [looker('a', { blindTo: [0, 1] }), looker('b', { blindTo: [0, 2] })];
      const graph = start().module('look', { modules }).observationFilter('some').build();
      const run = await runAt(open(), everyTen(4), graph);
      assert.deepEqual(passed(run), [1, 2, 3]);
      assert.equal(nodeText(run.result, 'some'), 'in 4, out 3, filtered 1');
    }),
    {
      name: 'observationFilter counts the observations of one source',
      run: async (open) => {
        const modules = [looker('a', { blindTo: [0, 1] }), looker('b', { blindTo: [0, 2] })];
        const graph = start()
          .module('look', { modules })
          .observationFilter('some', { source: 'b' })
          .build();
        assert.deepEqual(passed(await runAt(open({}), everyTen(4), graph)), [1, 3]);
      },
    },
    {
      name: 'observationFilter asks for as many as minCount',
      run: async (open) => {
        const modules = [looker('a', { blindTo: [3, 5] }), looker('b')];
        const two = start().module('look', { modules }).observationFilter('two', { minCount: 2 });
        assert.deepEqual(passed(await runAt(open({}), everyTen(6), two.build())), [0, 1, 2, 4]);
        const pairs = start()
          .module('look', { modules })
          .collector('pairs', { batchSize: 2 })
          .observationFilter('two', { source: 'a', minCount: 2 })
          .build();
        const run = await runAt(open({}), everyTen(6), pairs);
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1 -> 1@10 main: a#0 b#0 a#1 b#1',
          'frame 2',
          'frame 3',
          'frame 4',
          'frame 5',
        ]);
        assert.equal(nodeText(run.result, 'two'), 'in 3, out 1, filtered 2');
      },
    },
  ],
};

function comparison(
  op: SignalCondition['op'],
  value: SignalValue,
  expected: readonly number[],
): ConformanceCase {
  const module = defineModule({
    name: 'a',
    process: ({ frameId }) => {
      const signal = VALUES[frameId];
      return { signals: signal === undefined ? { other: 2 } : { signal } };
    },
  });
  return {
    name: `signalFilter compares: ${op} ${typeof value} ${String(value)}`,
    run: async (open) => {
      const graph = start()
        .module('look', { modules: [module] })
        .signalFilter('some', { signal: 'signal', op, value })
        .build();
      const run = await runAt(open({}), everyTen(VALUES.length), graph);
      assert.deepEqual(passed(run), expected);
    },
  };
}

const passed = ({ events }: RunRecord): readonly number[] =>
  itemsOf(events).map((item) => item.frameId);
