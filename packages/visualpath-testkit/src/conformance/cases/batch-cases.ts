import assert from 'node:assert/strict';
import {
  FlowGraph,
  defineModule,
  isVisualError,
  type ErrorPolicy,
  type FlowData,
  type Frame,
} from 'visualpath';
import {
  underEverySchedule,
  type ConformanceGroup,
  type OpenBackend,
} from '../conformance-case.ts';
import { failAt, runAt } from './run-graph.ts';
import { moduleText } from './run-text.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

interface BatchOptions {
  readonly name?: string;
  readonly maxBatchSize?: number;
  readonly depends?: readonly string[];
  readonly stateful?: boolean;
  readonly errorPolicy?: ErrorPolicy;
  /** Frames whose presence makes a whole batch fail. */
  readonly spoils?: readonly number[];
  /** Frames on which single calls fail too. */
  readonly fails?: readonly number[];
  /** Frames in which it sees nothing. */
  readonly blindTo?: readonly number[];
  /** Results too few. */
  readonly missing?: number;
  /** Where the ids of each batch go. */
  readonly batches?: number[][];
}

/** A module that works in batches. */
function batcher(options: BatchOptions = {}) {
  const { name = 'b', maxBatchSize, depends = [], stateful = false, errorPolicy } = options;
  const { spoils = [], fails = [], blindTo = [], missing = 0, batches = [] } = options;
  const look = (frame: Frame) => {
    if (fails.includes(frame.frameId)) throw new Error(`no frame ${frame.frameId}`);
    if (blindTo.includes(frame.frameId)) return undefined;
    return { signals: { value: frame.data[0]! } };
  };
  return defineModule<string, undefined, readonly string[], readonly string[]>({
    ...{ name, depends, stateful, ...(errorPolicy && { errorPolicy }) },
    capabilities: { flags: ['BATCHING'], ...(maxBatchSize !== undefined && { maxBatchSize }) },
    process: look,
    processBatch: async (frames) => {
      batches.push(frames.map(({ frameId }) => frameId));
      await ticks(3);
      if (frames.some(({ frameId }) => spoils.includes(frameId))) throw new Error('batch');
      return frames.slice(missing).map(look);
    },
  });
}

const BATCHED = { batchSize: 4 };

/** Opens a backend that collects groups of frames, if it can. */
const batched = (open: OpenBackend) => open(BATCHED);

const all = (count: number, name = 'b'): readonly string[] =>
  everyTen(count).map((tNs, i) => `frame ${i} -> ${i}@${tNs} main: ${name}#${i}`);

/** processBatch: what it gets, and that results are those of single calls. */
export const batchCases: ConformanceGroup = {
  name: 'batches',
  cases: [
    {
      name: 'come in slices of maxBatchSize, for the last short group too',
      run: async (open) => {
        const batches: number[][] = [];
        const module = batcher({ maxBatchSize: 3, batches });
        const { texts, result } = await runAt(
          batched(open),
          everyTen(10),
          FlowGraph.fromModules([module]),
        );
        assert.deepEqual(texts, all(10));
        assert.equal(moduleText(result, 'b'), 'called 10, saw 10, skipped 0');
        if (result.stats.modules['b']!.batchCount === 0) return;
        assert.equal(result.stats.modules['b']!.batchCount, batches.length);
        assert.ok(batches.every((ids) => ids.length >= 1 && ids.length <= 3));
        assert.ok(batches.some((ids) => ids.length > 1));
      },
    },
    ...underEverySchedule('give every frame to the module once, in order', async (open) => {
      const batches: number[][] = [];
      const module = batcher({ maxBatchSize: 2, batches, stateful: true });
      const run = await runAt(open(), everyTen(9), FlowGraph.fromModules([module]));
      assert.deepEqual(run.texts, all(9));
      if (run.result.stats.modules['b']!.batchCount === 0) return;
      assert.ok(batches.every((ids) => ids.length <= 2));
      assert.deepEqual(batches.flat(), [...new Set(batches.flat())].sort());
    }),
    ...underEverySchedule('do without those whose dependency is missing', async (open) => {
      const batches: number[][] = [];
      const modules = [
        looker('a', { blindTo: [1, 2, 6], isAsync: true }),
        batcher({ depends: ['a'], batches, blindTo: [4] }),
      ];
      const run = await runAt(open(), everyTen(7), FlowGraph.fromModules(modules));
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: a#0 b#0',
        'frame 1 -> 1@10 main',
        'frame 2 -> 2@20 main',
        'frame 3 -> 3@30 main: a#3 b#3',
        'frame 4 -> 4@40 main: a#4',
        'frame 5 -> 5@50 main: a#5 b#5',
        'frame 6 -> 6@60 main',
      ]);
      assert.equal(moduleText(run.result, 'b'), 'called 4, saw 3, skipped 3');
      assert.ok(!batches.flat().some((id) => [1, 2, 6].includes(id)));
    }),
    ...underEverySchedule('get the dependencies of each frame', async (open) => {
      const seen: unknown[] = [];
      const sum = defineModule<string, undefined, readonly ['a'], readonly ['o']>({
        name: 'sum',
        depends: ['a'],
        optionalDepends: ['o'],
        capabilities: { flags: ['BATCHING'] },
        process: ({ frameId }, { a, o }) => {
          seen.push([frameId, a.frameId, o?.frameId]);
          return { signals: {} };
        },
        processBatch: (frames, depsList) =>
          frames.map(({ frameId }, i) => {
            const { a, o } = depsList[i]!;
            seen.push([frameId, a.frameId, o?.frameId]);
            return { signals: {} };
          }),
      });
      const modules = [looker('a'), looker('o', { blindTo: [1] }), sum];
      await runAt(open(), everyTen(3), FlowGraph.fromModules(modules));
      assert.deepEqual(seen, [
        [0, 0, 0],
        [1, 1, undefined],
        [2, 2, 2],
      ]);
    }),
    {
      name: 'with a wrong number of results fail, naming the module',
      run: async (open) => {
        const batches: number[][] = [];
        const graph = FlowGraph.fromModules([batcher({ name: 'bad.batch', missing: 1, batches })]);
        let error: unknown;
        try {
          await runAt(batched(open), everyTen(4), graph);
        } catch (thrown) {
          error = thrown;
        }
        if (batches.length === 0) return;
        assert.ok(isVisualError(error), `got ${String(error)}`);
        assert.equal(error.code, 'VP_MODULE_BAD_BATCH');
        assert.match(error.message, /bad\.batch/);
      },
    },
    ...underEverySchedule('that fail are done again one by one', async (open) => {
      const module = batcher({ spoils: [2] });
      const run = await runAt(open(), everyTen(6), FlowGraph.fromModules([module]));
      assert.deepEqual(run.texts, all(6));
      assert.equal(moduleText(run.result, 'b'), 'called 6, saw 6, skipped 0');
    }),
    ...underEverySchedule('that fail follow the policy of each frame: skip', async (open) => {
      const module = batcher({ spoils: [1, 5], fails: [1, 5], errorPolicy: { fallback: 'skip' } });
      const run = await runAt(open(), everyTen(7), FlowGraph.fromModules([module]));
      const expected = [...all(7)];
      expected[1] = 'frame 1 -> 1@10 main';
      expected[5] = 'frame 5 -> 5@50 main';
      assert.deepEqual(run.texts, expected);
      assert.equal(moduleText(run.result, 'b'), 'called 7, saw 5, skipped 0');
    }),
    ...underEverySchedule('that fail follow the policy of each frame: default', async (open) => {
      const errorPolicy: ErrorPolicy = { fallback: 'default', defaultSignals: { value: -1 } };
      const module = batcher({ spoils: [2], fails: [2], errorPolicy });
      const run = await runAt(open(), everyTen(4), FlowGraph.fromModules([module]));
      const values = run.events.flatMap((event) =>
        event.type === 'frame' ? [event.items[0]?.observations[0]?.signals['value']] : [],
      );
      assert.deepEqual(values, [0, 1, -1, 3]);
    }),
    ...underEverySchedule('that fail end the run at the frame that fails', async (open) => {
      const { texts, error } = await failAt(
        open(),
        everyTen(9),
        FlowGraph.fromModules([batcher({ fails: [5] })]),
      );
      assert.deepEqual(texts, all(5));
      assert.ok(isVisualError(error), `got ${String(error)}`);
      assert.equal(error.code, 'VP_MODULE_FAILED');
      assert.equal((error.cause as Error).message, 'no frame 5');
    }),
    ...underEverySchedule(
      'through branches, joins and windows equal single calls',
      async (open) => {
        const isEven = ({ frame }: FlowData): boolean => frame.frameId % 2 === 0;
        const graph = start()
          .module('look', { modules: [batcher()] })
          .branch('side', { condition: isEven, ifTrue: 'even', ifFalse: 'odd' })
          .on('even', (arm) => arm.module('evens', { modules: [batcher({ name: 'e' })] }))
          .on('odd', (arm) =>
            arm.module('odds', { modules: [batcher({ name: 'o', blindTo: [3] })] }),
          )
          .join('pairs', { paths: ['even', 'odd'], windowNs: 10, unmatched: 'emit' })
          .window('spans', { windowNs: 40 })
          .module('after', { modules: [batcher({ name: 'z' })] })
          .build();
        const run = await runAt(open(), everyTen(7), graph, { slotCount: 12 });
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1',
          'frame 2',
          'frame 3',
          'frame 4',
          'frame 5 -> 3@30 pairs: b#0 e#0 b#1 o#1 b#2 e#2 b#3 z#3',
          'frame 6',
          'flush -> 6@60 pairs: b#4 e#4 b#5 o#5 b#6 e#6 z#6',
        ]);
      },
    ),
  ],
};
