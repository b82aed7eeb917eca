import assert from 'node:assert/strict';
import {
  defineModule,
  isVisualError,
  type CustomProcessor,
  type FlowData,
  type FlowGraph,
  type NodeKind,
} from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { failAt, runAt } from './run-graph.ts';
import { nodeText } from './run-text.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

/** Throws on frame 2. */
function sure({ frame }: FlowData): true {
  if (frame.frameId === 2) throw new Error('cannot say');
  return true;
}

const looked = () => start().module('look', { modules: [looker('a', { isAsync: true })] });

/** Graphs with a node `code` whose code throws on frame 2 and passes the others on. */
const GRAPHS: Readonly<Partial<Record<NodeKind, () => FlowGraph>>> = {
  filter: () => looked().filter('code', { condition: sure }).build(),
  branch: () =>
    looked().branch('code', { condition: sure, ifTrue: 'main', ifFalse: 'other' }).build(),
  multiBranch: () =>
    looked()
      .multiBranch('code', { branches: [{ condition: sure, path: 'main' }] })
      .build(),
  conditionalFanOut: () =>
    looked()
      .conditionalFanOut('code', { branches: [{ condition: sure, path: 'main' }] })
      .build(),
  cascadeFusion: () =>
    looked()
      .cascadeFusion('code', {
        fuse: (data) => {
          sure(data);
          return undefined;
        },
      })
      .build(),
  custom: () =>
    looked()
      .custom('code', {
        create: () => ({
          process: async (data) => {
            await ticks(2);
            sure(data);
            return data;
          },
        }),
      })
      .build(),
};

const DELIVERED = everyTen(5).map((tNs, i) => `frame ${i} -> ${i}@${tNs} main: a#${i}`);

/** A custom node that keeps everything and fails at the end. */
const failsAtTheEnd = (): FlowGraph =>
  start()
    .custom('code', {
      create: (): CustomProcessor => ({
        process: (data) => data,
        flush: () => {
          throw new Error('no end');
        },
      }),
    })
    .build();

/** What becomes of an item on which the code of a node throws. */
export const nodeErrorCases: ConformanceGroup = {
  name: 'node errors',
  cases: [
    ...Object.entries(GRAPHS).flatMap(([kind, graph]) => [
      ...underEverySchedule(`of a ${kind} end the run`, async (open) => {
        const run = await failAt(open(), everyTen(5), graph());
        assert.deepEqual(run.texts, DELIVERED.slice(0, 2));
        const { error } = run;
        assert.ok(isVisualError(error), `got ${String(error)}`);
        assert.equal(error.code, 'VP_NODE_FAILED');
        assert.match(error.message, /"?code"?/);
        assert.ok(error.message.includes(kind), error.message);
        assert.equal((error.cause as Error).message, 'cannot say');
      }),
      ...underEverySchedule(`of a ${kind} drop the item and are counted`, async (open) => {
        const run = await runAt(open(), everyTen(5), graph(), { onNodeError: 'drop' });
        assert.deepEqual(run.texts, [...DELIVERED.slice(0, 2), 'frame 2', ...DELIVERED.slice(3)]);
        assert.equal(nodeText(run.result, 'code'), 'in 5, out 4, error 1');
      }),
    ]),
    {
      name: 'are put to a function with the error and the item',
      run: async (open) => {
        const asked: unknown[] = [];
        const graph = start()
          .filter('code', {
            condition: ({ frame }) => {
              if (frame.frameId > 0) throw new Error(`not ${frame.frameId}`);
              return true;
            },
          })
          .build();
        const run = await failAt(open({}), everyTen(4), graph, {
          onNodeError: (error, data) => {
            asked.push([error.code, (error.cause as Error).message, data?.frame.frameId]);
            return data?.frame.frameId === 1 ? 'drop' : 'raise';
          },
        });
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 main', 'frame 1']);
        assert.deepEqual(asked, [
          ['VP_NODE_FAILED', 'not 1', 1],
          ['VP_NODE_FAILED', 'not 2', 2],
        ]);
        assert.equal((run.error as Error & { code?: string }).code, 'VP_NODE_FAILED');
      },
    },
    ...underEverySchedule(
      'drop the item on every path, also on those decided before',
      async (open) => {
        const graph = start()
          .conditionalFanOut('paths', {
            branches: [
              { condition: () => true, path: 'x' },
              {
                condition: ({ frame }) => {
                  if (frame.frameId === 1) throw new Error('not sure');
                  return true;
                },
                path: 'y',
              },
            ],
          })
          .sample('all', { every: 1 })
          .build();
        const run = await runAt(open(), everyTen(3), graph, { onNodeError: 'drop' });
        assert.deepEqual(
          run.result.stats.nodes['all']?.inCount,
          4,
          'two copies each of the first and the last',
        );
        assert.equal(run.texts[1], 'frame 1');
      },
    ),
    {
      name: 'in the flush of a custom node end the run',
      run: async (open) => {
        const run = await failAt(open({}), [0], failsAtTheEnd());
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 main']);
        assert.ok(isVisualError(run.error), `got ${String(run.error)}`);
        assert.equal(run.error.code, 'VP_NODE_FAILED');
        assert.equal((run.error.cause as Error).message, 'no end');
      },
    },
    {
      name: 'in the flush of a custom node are counted with drop',
      run: async (open) => {
        const run = await runAt(open({}), [0], failsAtTheEnd(), { onNodeError: 'drop' });
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 main']);
        assert.equal(nodeText(run.result, 'code'), 'in 1, out 1, error 1');
      },
    },
    {
      name: 'do not spare modules: their own policy counts',
      run: async (open) => {
        const a = looker('a', {
          capabilities: { flags: [] },
          errorPolicy: { fallback: 'raise' },
        });
        const graph = start()
          .module('look', { modules: [a] })
          .module('more', { modules: [thrower()] })
          .build();
        const run = await failAt(open({}), everyTen(2), graph, { onNodeError: 'drop' });
        assert.equal((run.error as Error & { code?: string }).code, 'VP_MODULE_FAILED');
      },
    },
  ],
};

const thrower = () =>
  defineModule({
    name: 'b',
    process: () => {
      throw new Error('no');
    },
  });
