import assert from 'node:assert/strict';
import { FlowGraph, defineModule, type ExecuteOptions, type Frame } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import { recordRun } from '../record-run.ts';
import {
  underEverySchedule,
  type ConformanceCase,
  type ConformanceGroup,
} from '../conformance-case.ts';
import { assertAllBack } from './run-graph.ts';
import { runTexts } from './run-text.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';
import { DOWN, chain } from './traced-modules.ts';

const NO = new Error('no');

/** Three modules and, behind them, a collector that keeps the last items. */
const keeping = (log: string[]): FlowGraph =>
  start()
    .module('look', { modules: chain(log) })
    .module('fire', { modules: [looker('t', { firesAt: [0, 1, 2, 3, 4, 5] })] })
    .collector('groups', { batchSize: 4 })
    .build();

/** A run that a callback ends: what it throws comes through, and everything is closed. */
function endedBy(name: string, callbacks: (end: () => never) => ExecuteOptions): ConformanceCase[] {
  return [
    ...underEverySchedule(`${name}: its error comes through, all is closed`, async (open) => {
      const log: string[] = [];
      const ring = new RingFrames({ timesNs: everyTen(6) });
      const { frames, isClosed } = watched(ring);
      const options = callbacks(() => {
        throw NO;
      });
      const { error } = await recordRun(await open(), frames, keeping(log), options);
      assert.equal(error, NO);
      assert.deepEqual(log.slice(-3), DOWN);
      assert.ok(isClosed());
      assertAllBack(ring);
    }),
  ];
}

/** Frames of a ring that tell whether their reader has left. */
function watched(ring: RingFrames): {
  readonly frames: AsyncIterable<Frame>;
  readonly isClosed: () => boolean;
} {
  let isClosed = false;
  const frames = {
    slotCount: ring.slotCount,
    async *[Symbol.asyncIterator]() {
      try {
        yield* ring;
      } finally {
        isClosed = true;
      }
    },
  };
  return { frames, isClosed: () => isClosed };
}

/** Runs that do not reach the end of their stream by themselves. */
export const runEndCases: ConformanceGroup = {
  name: 'ends of runs',
  cases: [
    ...endedBy('onFrame throws', (end) => ({
      onFrame: ({ frameId }) => (frameId === 2 ? end() : undefined),
    })),
    ...endedBy('onFrame rejects', (end) => ({
      onFrame: async ({ frameId }) => {
        await ticks(3);
        if (frameId === 2) end();
      },
    })),
    ...endedBy('onTrigger throws', (end) => ({ onTrigger: () => end() })),
    ...endedBy('onFlush throws', (end) => ({ onFlush: () => end() })),
    ...endedBy('onObservation throws', (end) => ({
      onObservation: ({ frameId }) => {
        if (frameId === 3) end();
      },
    })),
    ...endedBy('a debug hook throws', (end) => ({
      debug: { enter: ({ node }) => void (node === 'groups' && end()) },
    })),
    ...underEverySchedule('the source throws: what came before is delivered', async (open) => {
      const log: string[] = [];
      const ring = new RingFrames({ timesNs: everyTen(5), slotCount: 8 });
      const frames = (async function* () {
        for await (const frame of ring) {
          if (frame.frameId === 3) throw NO;
          yield frame;
        }
      })();
      const graph = FlowGraph.fromModules(chain(log));
      const { error, events } = await recordRun(await open(), frames, graph);
      assert.equal(error, NO);
      assert.deepEqual(log.slice(-3), DOWN);
      assertAllBack(ring);
      assert.deepEqual(runTexts(events), [
        'frame 0 -> 0@0 main: a#0 b#0 c#0',
        'frame 1 -> 1@10 main: a#1 b#1 c#1',
        'frame 2 -> 2@20 main: a#2 b#2 c#2',
      ]);
    }),
    ...underEverySchedule('a source that throws at once', async (open) => {
      const log: string[] = [];
      const frames = (function* (): Generator<Frame> {
        throw NO;
      })();
      const { error } = await recordRun(await open(), frames, FlowGraph.fromModules(chain(log)));
      assert.equal(error, NO);
      assert.deepEqual(log.slice(-3), DOWN);
    }),
    ...underEverySchedule('an abort before the run starts nothing', async (open) => {
      const log: string[] = [];
      const ring = new RingFrames({ timesNs: everyTen(2) });
      const signal = AbortSignal.abort(NO);
      const { error } = await recordRun(await open(), ring, keeping(log), { signal });
      assert.equal(error, NO);
      assert.deepEqual(log, []);
      assertAllBack(ring);
    }),
    ...underEverySchedule('an abort in a callback ends the run with its reason', async (open) => {
      const log: string[] = [];
      const ring = new RingFrames({ timesNs: everyTen(9) });
      const { frames, isClosed } = watched(ring);
      const controller = new AbortController();
      const { error, events } = await recordRun(await open(), frames, keeping(log), {
        signal: controller.signal,
        onFrame: ({ frameId }) => {
          if (frameId === 1) controller.abort(NO);
        },
      });
      assert.equal(error, NO);
      assert.deepEqual(log.slice(-3), DOWN);
      assert.ok(isClosed());
      assertAllBack(ring);
      assert.deepEqual(
        events.flatMap((event) => (event.type === 'frame' ? [event.frameId] : [])),
        [0, 1],
      );
    }),
    ...underEverySchedule('an abort reaches the signal of a module that waits', async (open) => {
      const ring = new RingFrames({ timesNs: everyTen(6) });
      const controller = new AbortController();
      let isCleanedUp = false;
      const a = defineModule({
        name: 'a',
        process: async ({ frameId }, _deps, { signal }) => {
          if (frameId !== 2) return { signals: {} };
          const aborted = new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
          controller.abort(NO);
          await aborted;
          return { signals: {} };
        },
        cleanup: () => {
          isCleanedUp = true;
        },
      });
      const { error } = await recordRun(await open(), ring, FlowGraph.fromModules([a]), {
        signal: controller.signal,
      });
      assert.equal(error, NO);
      assert.ok(isCleanedUp);
      assertAllBack(ring);
    }),
    ...underEverySchedule('an abort ends a run whose source gives nothing', async (open) => {
      const log: string[] = [];
      const controller = new AbortController();
      let isClosed = false;
      const frames: AsyncIterable<Frame> = {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            queueMicrotask(() => controller.abort(NO));
            return new Promise(() => undefined);
          },
          return: () => {
            isClosed = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
      const graph = FlowGraph.fromModules(chain(log));
      const { signal } = controller;
      const { error } = await recordRun(await open(), frames, graph, { signal });
      assert.equal(error, NO);
      assert.ok(isClosed);
      assert.deepEqual(log.slice(-3), DOWN);
    }),
  ],
};
