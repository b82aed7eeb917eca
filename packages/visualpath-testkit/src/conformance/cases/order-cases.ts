import assert from 'node:assert/strict';
import { FlowGraph, Frame, defineModule, type ModuleCapabilities } from 'visualpath';
import { RingFrames } from '../../ring-frames.ts';
import { underEverySchedule, type ConformanceGroup } from '../conformance-case.ts';
import { assertAllBack, runAt, runOver } from './run-graph.ts';
import { everyTen, looker, start, ticks } from './test-modules.ts';

interface Watched {
  readonly name?: string;
  readonly stateful?: boolean;
  readonly capabilities?: ModuleCapabilities;
}

/** An asynchronous module that writes down when it is called and when it answers. */
function watched(log: string[], { name = 'a', ...options }: Watched) {
  return defineModule({
    ...options,
    name,
    process: async ({ frameId }) => {
      log.push(`in ${frameId}`);
      await ticks(3 * (4 - (frameId % 4)));
      log.push(`out ${frameId}`);
      return { signals: { frameId } };
    },
  });
}

const ONE_BY_ONE = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [`in ${i}`, `out ${i}`]);
const DELIVERED = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `frame ${i} -> ${i}@${10 * i} main: a#${i}`);

function mostAtATime(log: readonly string[]): number {
  let now = 0;
  let most = 0;
  for (const entry of log) {
    now += entry.startsWith('in') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

/** In which order modules see frames, and callbacks come. */
export const orderCases: ConformanceGroup = {
  name: 'order and concurrency',
  cases: [
    ...underEverySchedule('stateful modules see frames in order, one at a time', async (open) => {
      const log: string[] = [];
      const graph = FlowGraph.fromModules([watched(log, { stateful: true })]);
      const run = await runAt(open(), everyTen(8), graph, { slotCount: 16 });
      assert.deepEqual(log, ONE_BY_ONE);
      assert.deepEqual(run.texts, DELIVERED);
    }),
    ...underEverySchedule('modules with STATEFUL too, even if THREAD_SAFE', async (open) => {
      const log: string[] = [];
      const module = watched(log, { capabilities: { flags: ['STATEFUL', 'THREAD_SAFE'] } });
      const run = await runAt(open(), everyTen(8), FlowGraph.fromModules([module]), {
        slotCount: 16,
      });
      assert.deepEqual(log, ONE_BY_ONE);
      assert.deepEqual(run.texts, DELIVERED);
    }),
    ...underEverySchedule('stateful modules behind slow ones see frames in order', async (open) => {
      const log: string[] = [];
      const slow = looker('slow', { isAsync: true, capabilities: { flags: ['THREAD_SAFE'] } });
      const graph = start()
        .module('first', { modules: [slow] })
        .module('second', { modules: [watched(log, { stateful: true })] })
        .build();
      await runAt(open(), everyTen(8), graph, { slotCount: 16 });
      assert.deepEqual(log, ONE_BY_ONE);
    }),
    ...underEverySchedule(
      'modules without THREAD_SAFE are never called twice at a time',
      async (open) => {
        const log: string[] = [];
        const run = await runAt(open(), everyTen(8), FlowGraph.fromModules([watched(log, {})]), {
          slotCount: 16,
        });
        assert.equal(mostAtATime(log), 1);
        assert.deepEqual(run.texts, DELIVERED);
      },
    ),
    ...underEverySchedule('THREAD_SAFE modules may be, and results come in order', async (open) => {
      const log: string[] = [];
      const module = watched(log, { capabilities: { flags: ['THREAD_SAFE'] } });
      const run = await runAt(open(), everyTen(8), FlowGraph.fromModules([module]), {
        slotCount: 16,
      });
      assert.ok(mostAtATime(log) >= 1);
      assert.deepEqual(run.texts, DELIVERED);
    }),
    ...underEverySchedule(
      'a stateful module remembers what came before, not after',
      async (open) => {
        const graph = () => {
          let last = -1;
          const memory = defineModule<string, undefined, readonly ['a']>({
            name: 'memory',
            depends: ['a'],
            stateful: true,
            process: async ({ frameId }) => {
              const before = last;
              await ticks(5 - frameId);
              last = frameId;
              return { signals: { before } };
            },
          });
          const flags = ['THREAD_SAFE'] as const;
          const a = looker('a', { isAsync: true, capabilities: { flags } });
          return FlowGraph.fromModules([memory, a]);
        };
        const run = await runAt(open(), everyTen(5), graph());
        const remembered = run.events.flatMap((event) =>
          event.type === 'frame'
            ? event.items.map((item) => item.observations[1]?.signals['before'])
            : [],
        );
        assert.deepEqual(remembered, [-1, 0, 1, 2, 3]);
      },
    ),
    ...underEverySchedule('callbacks come one after the other and are waited for', async (open) => {
      const log: string[] = [];
      const wait = async (what: string) => {
        log.push(`${what} begins`);
        await ticks(7);
        log.push(`${what} ends`);
      };
      const graph = FlowGraph.fromModules([looker('a', { firesAt: [1] })]);
      await runAt(open(), everyTen(3), graph, {
        onObservation: ({ frameId }) => wait(`observation ${frameId}`),
        onTrigger: (data) => wait(`trigger ${data.frame.frameId}`),
        onFrame: ({ frameId }) => wait(`frame ${frameId}`),
      });
      const frames = log.filter((entry) => !entry.startsWith('observation'));
      assert.deepEqual(frames, [
        ...['frame 0 begins', 'frame 0 ends', 'trigger 1 begins', 'trigger 1 ends'],
        ...['frame 1 begins', 'frame 1 ends', 'frame 2 begins', 'frame 2 ends'],
      ]);
      for (let i = 0; i < log.length; i += 2) {
        assert.equal(log[i + 1], log[i]?.replace('begins', 'ends'));
      }
    }),
    ...underEverySchedule(
      'frames have their pixels in modules and callbacks that wait',
      async (open) => {
        const values: (number | undefined)[] = [];
        const a = defineModule({
          name: 'a',
          capabilities: { flags: ['THREAD_SAFE'] },
          process: async (frame) => {
            await ticks(3 * (4 - (frame.frameId % 4)));
            return { signals: { value: frame.data[0]! } };
          },
        });
        const run = await runAt(open(), everyTen(8), FlowGraph.fromModules([a]), {
          slotCount: 6,
          onFrame: async (frame, [item]) => {
            await ticks(5);
            values.push(frame.data[0], item?.frame.data[0]);
          },
        });
        const seen = run.events.flatMap((event) =>
          event.type === 'frame' ? [event.items[0]?.observations[0]?.signals['value']] : [],
        );
        assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert.deepEqual(
          values,
          seen.flatMap((value) => [value, value]),
        );
      },
    ),
    ...underEverySchedule('a source of two slots is enough', async (open) => {
      const graph = FlowGraph.fromModules([looker('a', { isAsync: true })]);
      const run = await runAt(open(), everyTen(6), graph, { slotCount: 2 });
      assert.deepEqual(run.texts, DELIVERED.slice(0, 6));
    }),
    ...underEverySchedule('synchronous sources will do', async (open) => {
      const ring = new RingFrames({ timesNs: everyTen(6), slotCount: 3 });
      const graph = FlowGraph.fromModules([looker('a', { isAsync: true })]);
      const run = await runOver(open(), ring.synchronous(), graph);
      assert.deepEqual(run.texts, DELIVERED.slice(0, 6));
      assertAllBack(ring);
    }),
    ...underEverySchedule('arrays of frames will do, and stay the caller’s', async (open) => {
      const frames = everyTen(5).map((tSrcNs, frameId) =>
        Frame.fromRgb({
          frameId,
          tSrcNs,
          width: 1,
          height: 1,
          data: new Uint8Array(3).fill(frameId),
        }),
      );
      const graph = FlowGraph.fromModules([looker('a', { isAsync: true })]);
      const run = await runOver(open(), frames, graph);
      assert.deepEqual(run.texts, DELIVERED.slice(0, 5));
      assert.deepEqual(
        frames.map((frame) => frame.isReleased),
        [false, false, false, false, false],
      );
    }),
  ],
};
