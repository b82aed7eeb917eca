import assert from 'node:assert/strict';
import { FlowGraph, defineModule, isVisualError, type PipelineResult } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { assertAllBack, failAt, runAt, runOver } from './run-graph.ts';
import { everyTen, start } from './test-modules.ts';
import { DOWN, STARTED, chain } from './traced-modules.ts';

/** The life of modules, when all goes well and when starting or closing does not. */
export const lifecycleCases: ConformanceGroup = {
  name: 'lifecycle',
  cases: [
    ...underEverySchedule(
      'starts in order of dependency and cleans up in reverse',
      async (open) => {
        const log: string[] = [];
        await runAt(open(), everyTen(3), FlowGraph.fromModules(chain(log)));
        assert.deepEqual(
          log.filter((entry) => !entry.startsWith('process')),
          [...STARTED, ...DOWN],
        );
        assert.deepEqual(log.slice(0, 6), STARTED);
        assert.deepEqual(log.slice(-3), DOWN);
      },
    ),
    {
      name: 'starts the modules of earlier nodes first',
      run: async (open) => {
        const log: string[] = [];
        const [a, b, c] = chain(log).toReversed();
        const graph = start()
          .module('one', { modules: [a!] })
          .module('two', { modules: [c!, b!] })
          .build();
        await runAt(open({}), everyTen(2), graph);
        assert.deepEqual(log.slice(0, 6), STARTED);
        assert.deepEqual(log.slice(-3), DOWN);
      },
    },
    ...underEverySchedule('warms up with the first frame, before it is processed', async (open) => {
      const log: unknown[] = [];
      const a = defineModule({
        name: 'a',
        warmup: (frame) => {
          log.push(['warmup', frame.frameId, frame.data[0]]);
        },
        process: (frame) => {
          log.push(['process', frame.frameId, frame.data[0]]);
          return undefined;
        },
      });
      await runAt(open(), everyTen(2), FlowGraph.fromModules([a]));
      assert.deepEqual(log, [
        ['warmup', 0, 0],
        ['process', 0, 0],
        ['process', 1, 1],
      ]);
    }),
    ...underEverySchedule('runs an empty stream', async (open) => {
      const log: string[] = [];
      const run = await runAt(open(), [], FlowGraph.fromModules(chain(log)));
      assert.deepEqual(log, ['initialize a', 'initialize b', 'initialize c', ...DOWN]);
      assert.deepEqual(run.texts, []);
      assert.equal(run.result.frameCount, 0);
      assert.deepEqual(run.result.triggers, []);
      assert.equal(run.result.stats.readCount, 0);
    }),
    ...underEverySchedule('cleans up what was started if an initialize throws', async (open) => {
      const log: string[] = [];
      const graph = FlowGraph.fromModules(chain(log, { at: 'initialize b' }));
      const run = await failAt(open(), everyTen(2), graph);
      assert.deepEqual(log, ['initialize a', 'initialize b', 'cleanup b', 'cleanup a']);
      assert.ok(isVisualError(run.error), `got ${String(run.error)}`);
      assert.equal(run.error.code, 'VP_MODULE_START_FAILED');
      assert.match(run.error.message, /\bb\b/);
      assert.equal((run.error.cause as Error).message, 'initialize b');
      assert.deepEqual(run.texts, []);
    }),
    ...underEverySchedule('cleans everything up if a warmup throws', async (open) => {
      const log: string[] = [];
      const graph = FlowGraph.fromModules(chain(log, { at: 'warmup b' }));
      const run = await failAt(open(), everyTen(2), graph);
      assert.deepEqual(log, [...STARTED.slice(0, 5), ...DOWN]);
      assert.ok(isVisualError(run.error), `got ${String(run.error)}`);
      assert.equal(run.error.code, 'VP_MODULE_START_FAILED');
      assert.equal((run.error.cause as Error).message, 'warmup b');
      assert.deepEqual(run.texts, []);
    }),
    ...underEverySchedule('gives the result with what went wrong in cleanups', async (open) => {
      const log: string[] = [];
      const graph = FlowGraph.fromModules(chain(log, { at: 'cleanup b', also: 'cleanup c' }));
      const run = await failAt(open(), everyTen(2), graph);
      assert.deepEqual(log.slice(-3), DOWN);
      assert.deepEqual(run.texts, [
        'frame 0 -> 0@0 main: a#0 b#0 c#0',
        'frame 1 -> 1@10 main: a#1 b#1 c#1',
      ]);
      assert.ok(isVisualError(run.error), `got ${String(run.error)}`);
      assert.equal(run.error.code, 'VP_CLEANUP_FAILED');
      assert.equal((run.error.details['result'] as PipelineResult).frameCount, 2);
      const text = `${run.error.message} ${JSON.stringify(run.error.details)}`;
      for (const what of ['cleanup b', 'cleanup c']) assert.ok(text.includes(what), text);
    }),
    ...underEverySchedule('never lets a cleanup hide why a run failed', async (open) => {
      const log: string[] = [];
      const graph = FlowGraph.fromModules(chain(log, { at: 'process b', also: 'cleanup c' }));
      const run = await failAt(open(), everyTen(2), graph);
      assert.ok(isVisualError(run.error), `got ${String(run.error)}`);
      assert.equal(run.error.code, 'VP_MODULE_FAILED');
      assert.deepEqual(log.slice(-3), DOWN);
    }),
    {
      name: 'says so if a source throws while it is closed',
      run: async (open) => {
        const log: string[] = [];
        const ring = new RingFrames({ timesNs: everyTen(5) });
        const frames = (async function* () {
          try {
            yield* ring;
          } finally {
            log.push('closed');
            throw new Error('stuck');
          }
        })();
        const backend = await open({});
        const graph = FlowGraph.fromModules(chain(log));
        await assert.rejects(
          backend.execute(frames, graph, { onFrame: () => false }),
          (error) =>
            isVisualError(error) &&
            error.code === 'VP_CLEANUP_FAILED' &&
            (error.details['result'] as PipelineResult).frameCount === 1,
        );
        assert.deepEqual(
          log.filter((entry) => entry.startsWith('cleanup')),
          DOWN,
        );
        assert.ok(log.includes('closed'));
        assertAllBack(ring);
      },
    },
    {
      name: 'starts and cleans up once for each run',
      run: async (open) => {
        const log: string[] = [];
        const graph = FlowGraph.fromModules(chain(log));
        const backend = await open({});
        for (const runCount of [1, 2]) {
          await runOver(backend, new RingFrames({ timesNs: [0] }), graph);
          for (const what of ['initialize a', 'warmup b', 'cleanup c']) {
            assert.equal(log.filter((entry) => entry === what).length, runCount);
          }
        }
      },
    },
  ],
};
