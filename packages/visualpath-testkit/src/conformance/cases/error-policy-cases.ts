import assert from 'node:assert/strict';
import {
  FlowGraph,
  defineModule,
  isVisualError,
  type ErrorPolicy,
  type Frame,
  type ProcessContext,
  type VisualError,
} from 'visualpath';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { failAt, runAt, type GoodRun } from './run-graph.ts';
import { moduleText } from './run-text.ts';
import { everyTen, looker, ticks } from './test-modules.ts';

interface FailingOptions {
  readonly name?: string;
  readonly errorPolicy?: ErrorPolicy;
  /** How many tries fail, by frame. */
  readonly fails: Readonly<Record<number, number>>;
  readonly isAsync?: boolean;
}

/** A module that fails on some frames, some times. */
function failing({ name = 'a', errorPolicy, fails, isAsync = false }: FailingOptions) {
  const left = new Map(Object.entries(fails).map(([id, count]) => [Number(id), count]));
  const look = ({ frameId, data }: Frame) => {
    const count = left.get(frameId) ?? 0;
    if (count === 0) return { signals: { value: data[0]! } };
    left.set(frameId, count - 1);
    throw new Error(`cannot see frame ${frameId}`);
  };
  return defineModule({
    name,
    ...(errorPolicy && { errorPolicy }),
    process: isAsync
      ? async (frame) => {
          await ticks(3 * (4 - (frame.frameId % 4)));
          return look(frame);
        }
      : look,
  });
}

/** A module that on frame 1 answers only when its signal has aborted. */
const hanging = (errorPolicy: ErrorPolicy, hangs = 9) => {
  let left = hangs;
  return defineModule({
    name: 'a',
    errorPolicy,
    process: async ({ frameId }: Frame, _deps, { signal }: ProcessContext) => {
      if (frameId === 1 && left > 0) {
        left -= 1;
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      return { signals: { isReal: true } };
    },
  });
};

const signalsOf = ({ events }: GoodRun): readonly unknown[] =>
  events.flatMap((event) =>
    event.type === 'frame' ? event.items.map((item) => item.observations[0]?.signals) : [],
  );

const MANY = 99;
const DELIVERED = everyTen(8).map((tNs, i) => `frame ${i} -> ${i}@${tNs} main: a#${i}`);

function asModuleError(error: unknown, code = 'VP_MODULE_FAILED'): VisualError {
  assert.ok(isVisualError(error), `got ${String(error)}`);
  assert.equal(error.code, code);
  return error;
}

/** What becomes of a frame on which a module fails. */
export const errorPolicyCases: ConformanceGroup = {
  name: 'error policies',
  cases: [
    ...[false, true].flatMap((isAsync) =>
      underEverySchedule(
        `without one an ${isAsync ? 'asynchronous' : 'immediate'} error ends the run`,
        async (open) => {
          const module = failing({ name: 'face.detect', fails: { 5: MANY }, isAsync });
          const run = await failAt(open(), everyTen(9), FlowGraph.fromModules([module]));
          assert.deepEqual(
            run.texts,
            DELIVERED.slice(0, 5).map((text) => text.replace(' a#', ' face.detect#')),
          );
          const error = asModuleError(run.error);
          assert.equal((error.cause as Error).message, 'cannot see frame 5');
          assert.match(error.message, /face\.detect/);
          assert.match(error.message, /frame 5\b/);
        },
      ),
    ),
    ...[false, true].flatMap((isAsync) =>
      underEverySchedule(`skip gives no observation (${String(isAsync)})`, async (open) => {
        const errorPolicy: ErrorPolicy = { fallback: 'skip' };
        const module = failing({ errorPolicy, fails: { 1: MANY, 2: MANY }, isAsync });
        const modules = [module, looker('b', { depends: ['a'] })];
        const run = await runAt(open(), everyTen(4), FlowGraph.fromModules(modules));
        assert.deepEqual(run.texts, [
          'frame 0 -> 0@0 main: a#0 b#0',
          'frame 1 -> 1@10 main',
          'frame 2 -> 2@20 main',
          'frame 3 -> 3@30 main: a#3 b#3',
        ]);
        assert.equal(moduleText(run.result, 'a'), 'called 4, saw 2, skipped 0');
        assert.equal(moduleText(run.result, 'b'), 'called 2, saw 2, skipped 2');
        assert.equal(run.result.stats.modules['a']!.errorCount, 2);
      }),
    ),
    ...underEverySchedule('default gives the declared signals', async (open) => {
      const errorPolicy: ErrorPolicy = { fallback: 'default', defaultSignals: { value: -1 } };
      const modules = [
        failing({ errorPolicy, fails: { 1: MANY }, isAsync: true }),
        looker('b', { depends: ['a'] }),
      ];
      const run = await runAt(open(), everyTen(3), FlowGraph.fromModules(modules));
      assert.deepEqual(signalsOf(run), [{ value: 0 }, { value: -1 }, { value: 2 }]);
      assert.deepEqual(run.texts[1], 'frame 1 -> 1@10 main: a#1 b#1');
    }),
    {
      name: 'default without signals gives an observation without any',
      run: async (open) => {
        const module = failing({ errorPolicy: { fallback: 'default' }, fails: { 0: MANY } });
        const run = await runAt(open({}), [0], FlowGraph.fromModules([module]));
        assert.deepEqual(run.texts, ['frame 0 -> 0@0 main: a#0']);
        assert.deepEqual(signalsOf(run), [{}]);
      },
    },
    ...underEverySchedule('raise ends the run after the last try', async (open) => {
      const errorPolicy: ErrorPolicy = { fallback: 'raise', maxRetries: 2 };
      const module = failing({ errorPolicy, fails: { 1: 2, 4: 3 }, isAsync: true });
      const run = await failAt(open(), everyTen(8), FlowGraph.fromModules([module]));
      assert.deepEqual(run.texts, DELIVERED.slice(0, 4));
      assert.equal((asModuleError(run.error).cause as Error).message, 'cannot see frame 4');
    }),
    ...[false, true].flatMap((isAsync) =>
      underEverySchedule(
        `tries again as often as maxRetries (${String(isAsync)})`,
        async (open) => {
          const errorPolicy: ErrorPolicy = { fallback: 'skip', maxRetries: 2, retryDelayMs: 1 };
          const module = failing({ errorPolicy, fails: { 1: 2, 3: 3 }, isAsync });
          const run = await runAt(open(), everyTen(5), FlowGraph.fromModules([module]));
          assert.deepEqual(run.texts, [
            ...DELIVERED.slice(0, 3),
            'frame 3 -> 3@30 main',
            DELIVERED[4],
          ]);
          assert.equal(moduleText(run.result, 'a'), 'called 5, saw 4, skipped 0');
          const { errorCount, retryCount, timeoutCount } = run.result.stats.modules['a']!;
          assert.deepEqual(
            { errorCount, retryCount, timeoutCount },
            {
              ...{ errorCount: 5, retryCount: 4, timeoutCount: 0 },
            },
          );
        },
      ),
    ),
    ...underEverySchedule('tries of a stateful module keep its frames in order', async (open) => {
      const log: number[] = [];
      const a = defineModule({
        name: 'a',
        stateful: true,
        errorPolicy: { fallback: 'raise', maxRetries: 2, retryDelayMs: 1 },
        process: async ({ frameId }) => {
          log.push(frameId);
          await ticks(3);
          if (frameId === 1 && log.filter((id) => id === 1).length < 3) throw new Error('again');
          return { signals: {} };
        },
      });
      const run = await runAt(open(), everyTen(4), FlowGraph.fromModules([a]));
      assert.deepEqual(run.texts, DELIVERED.slice(0, 4));
      assert.deepEqual(log, [0, 1, 1, 1, 2, 3]);
    }),
    ...underEverySchedule(
      'a call that exceeds timeoutMs is aborted, its late result lost',
      async (open) => {
        const errorPolicy: ErrorPolicy = { fallback: 'skip', timeoutMs: 100 };
        const run = await runAt(open(), everyTen(3), FlowGraph.fromModules([hanging(errorPolicy)]));
        assert.deepEqual(run.texts, [DELIVERED[0], 'frame 1 -> 1@10 main', DELIVERED[2]]);
        assert.equal(run.result.stats.modules['a']!.timeoutCount, 1);
        assert.equal(moduleText(run.result, 'a'), 'called 3, saw 2, skipped 0');
      },
    ),
    ...underEverySchedule('a call that exceeds timeoutMs has its default', async (open) => {
      const errorPolicy: ErrorPolicy = {
        ...{ fallback: 'default', defaultSignals: { isReal: false }, timeoutMs: 100 },
      };
      const run = await runAt(open(), everyTen(3), FlowGraph.fromModules([hanging(errorPolicy)]));
      assert.deepEqual(signalsOf(run), [{ isReal: true }, { isReal: false }, { isReal: true }]);
    }),
    ...underEverySchedule('a call that exceeds timeoutMs is tried again', async (open) => {
      const errorPolicy: ErrorPolicy = { fallback: 'raise', timeoutMs: 100, maxRetries: 1 };
      const graph = FlowGraph.fromModules([hanging(errorPolicy, 1)]);
      const run = await runAt(open(), everyTen(3), graph);
      assert.deepEqual(run.texts, DELIVERED.slice(0, 3));
      const { retryCount, timeoutCount } = run.result.stats.modules['a']!;
      assert.deepEqual({ retryCount, timeoutCount }, { retryCount: 1, timeoutCount: 1 });
    }),
    ...underEverySchedule('a call that exceeds timeoutMs ends the run with raise', async (open) => {
      const graph = FlowGraph.fromModules([hanging({ fallback: 'raise', timeoutMs: 100 })]);
      const run = await failAt(open(), everyTen(6), graph);
      assert.deepEqual(run.texts, DELIVERED.slice(0, 1));
      const error = asModuleError(run.error, 'VP_MODULE_TIMEOUT');
      assert.match(error.message, /100\b/);
    }),
    {
      name: 'a synchronous call that takes too long has its result replaced',
      run: async (open) => {
        const slow = defineModule({
          name: 'a',
          errorPolicy: { fallback: 'default', defaultSignals: { isReal: false }, timeoutMs: 5 },
          process: ({ frameId }) => {
            const end = performance.now() + (frameId === 1 ? 30 : 0);
            while (performance.now() < end);
            return { signals: { isReal: true } };
          },
        });
        const run = await runAt(open({}), everyTen(3), FlowGraph.fromModules([slow]));
        assert.deepEqual(signalsOf(run)[1], { isReal: false });
        assert.ok(run.result.stats.modules['a']!.timeoutCount >= 1);
      },
    },
    {
      name: 'a call that is in time has a signal that has not aborted',
      run: async (open) => {
        const errorPolicy: ErrorPolicy = { fallback: 'raise', timeoutMs: 60_000 };
        const aborted: boolean[] = [];
        const module = defineModule({
          name: 'a',
          errorPolicy,
          process: async (_frame, _deps, { signal }) => {
            await ticks(3);
            aborted.push(signal.aborted);
            return { signals: {} };
          },
        });
        await runAt(open({}), everyTen(2), FlowGraph.fromModules([module]));
        assert.deepEqual(aborted, [false, false]);
      },
    },
  ],
};
