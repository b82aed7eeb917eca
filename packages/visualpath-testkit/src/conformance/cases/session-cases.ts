import assert from 'node:assert/strict';
import {
  FlowGraph,
  defineModule,
  isVisualError,
  type ExecutionBackend,
  type ExecutionSession,
} from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import type { ConformanceCase, ConformanceGroup } from '../conformance-case.ts';
import { runOver, type GoodRun } from './run-graph.ts';
import { everyTen, gate, looker, start } from './test-modules.ts';
import { DOWN, chain } from './traced-modules.ts';

const hasCode =
  (code: string) =>
  (error: unknown): boolean =>
    isVisualError(error) && error.code === code;

const ring = (count = 2): RingFrames => new RingFrames({ timesNs: everyTen(count) });

/** A case for backends that have sessions. */
const withSession = (
  name: string,
  graph: (log: string[]) => FlowGraph,
  test: (session: ExecutionSession, log: string[]) => Promise<void>,
): ConformanceCase => ({
  name,
  run: async (open) => {
    const backend = await open({});
    const log: string[] = [];
    const session = await backend.open?.(graph(log));
    if (session === undefined) return;
    try {
      await test(session, log);
    } finally {
      await session.close().catch(() => undefined);
    }
  },
});

/** Runs a session as a backend would run its graph, so that events can be written down. */
function runIn(session: ExecutionSession, frames: RingFrames): Promise<GoodRun> {
  const backend: ExecutionBackend = {
    name: 'session',
    execute: (given, _graph, options) => session.execute(given, options),
  };
  return runOver(backend, frames, FlowGraph.fromModules([]));
}

/** Three modules that write down their resets too. */
const resetting = (log: string[]): FlowGraph => {
  const counter = defineModule({
    name: 'count',
    depends: ['c'],
    stateful: true,
    process: () => ({ signals: {} }),
    reset: () => {
      log.push('reset');
    },
  });
  return FlowGraph.fromModules([...chain(log), counter]);
};

/** Sessions: modules started once, several videos. */
export const sessionCases: ConformanceGroup = {
  name: 'sessions',
  cases: [
    withSession(
      'start once, reset between videos and clean up at the end',
      resetting,
      async (session, log) => {
        assert.deepEqual(log, ['initialize a', 'initialize b', 'initialize c']);
        for (let i = 0; i < 3; i++) await session.execute(ring(1));
        await session.close();
        assert.deepEqual(
          log.filter((entry) => !entry.startsWith('process')),
          [
            ...['initialize a', 'initialize b', 'initialize c', 'warmup a', 'warmup b', 'warmup c'],
            ...['reset', 'reset'],
            ...DOWN,
          ],
        );
        assert.ok(log.indexOf('reset') > log.indexOf('process c'));
      },
    ),
    withSession(
      'begin each video anew',
      () =>
        start()
          .sample('odd', { every: 2 })
          .module('look', { modules: [looker('a')] })
          .collector('groups', { batchSize: 9 })
          .build(),
      async (session) => {
        for (let i = 0; i < 2; i++) {
          const run = await runIn(session, ring(3));
          assert.deepEqual(run.texts, [
            'frame 0',
            'frame 1',
            'frame 2',
            'flush -> 2@20 main: a#0 a#2',
          ]);
          assert.equal(run.result.stats.readCount, 3);
          assert.equal(run.result.stats.modules['a']?.callCount, 2);
        }
      },
    ),
    withSession(
      'go on after a video that failed',
      () => {
        let isBroken = true;
        const a = defineModule({
          name: 'a',
          stateful: true,
          process: ({ frameId }) => {
            if (frameId === 1 && isBroken) throw new Error('broken');
            return { signals: {} };
          },
          reset: () => {
            isBroken = false;
          },
        });
        return start()
          .module('look', { modules: [a] })
          .collector('groups', { batchSize: 2 })
          .build();
      },
      async (session) => {
        const frames = ring(3);
        await assert.rejects(runIn(session, frames), hasCode('VP_MODULE_FAILED'));
        assert.equal(frames.freeCount, frames.slotCount);
        const run = await runIn(session, ring(3));
        assert.deepEqual(run.texts, [
          'frame 0',
          'frame 1 -> 1@10 main: a#0 a#1',
          'frame 2',
          'flush -> 2@20 main: a#2',
        ]);
      },
    ),
    withSession('go on after an early stop', resetting, async (session) => {
      await session.execute(ring(3), { onFrame: () => false });
      const run = await runIn(session, ring(1));
      assert.deepEqual(run.texts, ['frame 0 -> 0@0 main: a#0 b#0 c#0 count#0']);
    }),
    withSession(
      'fire the triggers of each video',
      () => FlowGraph.fromModules([looker('a', { firesAt: [1] })]),
      async (session) => {
        for (let i = 0; i < 2; i++) {
          const { triggers } = await session.execute(ring(2));
          assert.deepEqual(
            triggers.map(({ startTimeNs }) => startTimeNs),
            [10],
          );
        }
      },
    ),
    withSession(
      'refuse to run after close, which may be called again',
      resetting,
      async (session, log) => {
        await session.close();
        await session.close();
        assert.deepEqual(log.slice(-3), DOWN);
        assert.equal(log.filter((entry) => entry === 'cleanup a').length, 1);
        await assert.rejects(session.execute(ring(1)), hasCode('VP_CLOSED'));
      },
    ),
    withSession('close at the end of their scope', resetting, async (session, log) => {
      await session[Symbol.asyncDispose]();
      assert.deepEqual(log.slice(-3), DOWN);
    }),
    withSession(
      'refuse a second video while one is running',
      () => FlowGraph.fromModules([looker('a')]),
      async (session) => {
        const isBusy = gate();
        const mayGoOn = gate();
        const first = session.execute(ring(1), {
          onFrame: async () => {
            isBusy.open();
            await mayGoOn.opened;
          },
        });
        await isBusy.opened;
        await assert.rejects(session.execute(ring(1)), hasCode('VP_SESSION_BUSY'));
        mayGoOn.open();
        assert.equal((await first).frameCount, 1);
      },
    ),
    withSession(
      'say at close what went wrong in cleanups',
      (log) => FlowGraph.fromModules(chain(log, { at: 'cleanup b' })),
      async (session, log) => {
        await session.execute(ring(1));
        await assert.rejects(session.close(), hasCode('VP_CLEANUP_FAILED'));
        assert.deepEqual(log.slice(-3), DOWN);
      },
    ),
    {
      name: 'clean up if they cannot start',
      run: async (open) => {
        const log: string[] = [];
        const backend = await open({});
        if (backend.open === undefined) return;
        const graph = FlowGraph.fromModules(chain(log, { at: 'initialize b' }));
        await assert.rejects(backend.open(graph), hasCode('VP_MODULE_START_FAILED'));
        assert.deepEqual(log, ['initialize a', 'initialize b', 'cleanup b', 'cleanup a']);
      },
    },
  ],
};
