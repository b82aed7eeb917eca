import type { Frame } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { asyncFrames, RingFrames, syntheticFrames } from 'visualpath-testkit';
import {
  analyzer,
  defineModule,
  FlowGraph,
  FlowGraphBuilder,
  GraphExecutor,
  run,
  SimpleBackend,
  type AnyModule,
  type QueueOptions,
} from '../../src/index.ts';

const index = analyzer('test.index', (frame) => ({ value: frame.frameId }));
const graph = FlowGraph.fromModules([index]);

describe('a queue', () => {
  it.each<[string, QueueOptions]>([
    ['`overflow` of a queue must be one of wait, dropOldest', { overflow: 'drop' as never }],
    ['`overflow` of a queue must be one of wait, dropOldest', {} as never],
    ['`capacity` of a queue must be a whole number from 1', { overflow: 'wait', capacity: 0 }],
  ])('is refused: the %s (%#)', async (message, queue) => {
    for (const frames of [asyncFrames({ count: 2 }), syntheticFrames({ count: 2 })]) {
      const running = new SimpleBackend().execute(frames, graph, { queue });
      await expect(running).rejects.toThrow(message);
    }
  });

  it('that waits asks its source for nothing after it has closed it', async () => {
    const calls: string[] = [];
    const frames = asyncFrames({ count: 20 });
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          calls.push('next');
          return frames.next();
        },
        return: async () => {
          calls.push('return');
          return frames.return();
        },
      }),
    };
    await new SimpleBackend().execute(source, graph, {
      queue: { overflow: 'wait', capacity: 2 },
      onFrame: async ({ frameId }) => {
        await new Promise(setImmediate);
        return frameId < 2;
      },
    });
    await new Promise(setImmediate);
    expect(calls.at(-1)).toBe('return');
    expect(calls.filter((call) => call === 'return')).toHaveLength(1);
  });
});

describe('frames that were read when a run was stopped', () => {
  it.each([
    ['in a queue', {}, { queue: { overflow: 'wait', capacity: 4 } }],
    ['in a queue that drops', {}, { queue: { overflow: 'dropOldest', capacity: 2 } }],
    ['in flight', { maxInFlight: 4 }, {}],
    ['in a batch', { batchSize: 4 }, {}],
  ] as const)('%s are counted as stopped: the figures add up', async (_, settings, options) => {
    const slow = defineModule({
      name: 'slow',
      capabilities: { flags: ['THREAD_SAFE'] },
      process: async () => new Promise<object>((resolve) => setImmediate(() => resolve({}))),
    });
    const ring = new RingFrames({
      timesNs: Array.from({ length: 40 }, (_unused, i) => i),
      slotCount: 40,
    });
    const { stats } = await new SimpleBackend(settings).execute(
      ring,
      FlowGraph.fromModules([slow]),
      { ...options, onFrame: ({ frameId }) => frameId < 9 },
    );
    const droppedCount = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
    expect(stats.isStoppedEarly).toBe(true);
    expect(stats.dropped['stopped']).toBeGreaterThan(0);
    expect(stats.processedCount + droppedCount).toBe(stats.readCount);
  });
});

describe('a source', () => {
  it.each([undefined, null, 5])('that yields %s is refused, and closed', async (value) => {
    for (const isAsync of [false, true]) {
      let isClosed = false;
      function* frames(): Generator<Frame> {
        try {
          yield* syntheticFrames({ count: 2 });
          yield value as never;
        } finally {
          isClosed = true;
        }
      }
      async function* asynchronous() {
        yield* frames();
      }
      const running = run(isAsync ? asynchronous() : frames(), { modules: [index] });
      await expect(running).rejects.toThrow(/A source must yield frames, got .* after 2 frames/);
      expect(isClosed).toBe(true);
    }
  });

  it('may be named like a property that every object has', async () => {
    const named = new FlowGraphBuilder().source('__proto__').sample('all', { every: 1 }).build();
    const frames = Object.fromEntries([['__proto__', syntheticFrames({ count: 3 })]]);
    expect((await run(frames, { graph: named })).frameCount).toBe(3);
    expect((await run(syntheticFrames({ count: 3 }), { graph: named })).frameCount).toBe(3);
  });
});

describe('an executor of a graph with several sources', () => {
  const both = new FlowGraphBuilder()
    .source('left', { path: 'l' })
    .source('right', { path: 'r' })
    .custom('same', { create: () => ({ process: (data) => data }) })
    .build();

  it('takes frames by the name of their source', async () => {
    const executor = new GraphExecutor(both);
    const [first, second] = syntheticFrames({ count: 2 });
    expect((await executor.process(first!, 'right')).map(({ path }) => path)).toEqual(['r']);
    expect((await executor.process(second!, 'left')).map(({ path }) => path)).toEqual(['l']);
  });

  it('refuses a frame of which it cannot tell where it enters', async () => {
    const executor = new GraphExecutor(both);
    const [frame] = syntheticFrames({ count: 1 });
    await expect(executor.process(frame!)).rejects.toThrow('(left, right), got nothing');
    await expect(executor.process(frame!, 'middle')).rejects.toThrow('got "middle"');
  });
});

describe('promises that have nothing but a then', () => {
  const thenable = <T>(value: T): Promise<T> => {
    const bare = { then: (resolve: (value: T) => void) => void setImmediate(resolve, value) };
    return bare as unknown as Promise<T>;
  };

  it('are taken from modules, custom nodes, callbacks and sources', async () => {
    const plain: AnyModule = defineModule({
      name: 'plain',
      process: () => thenable({ signals: { ok: true } }),
    });
    const limited = defineModule({
      name: 'limited',
      errorPolicy: { timeoutMs: 10_000, fallback: 'skip' },
      capabilities: { flags: ['BATCHING'] },
      process: () => thenable({}),
      processBatch: (frames) => thenable(frames.map(() => ({}))),
    });
    const signals = analyzer('signals', () => thenable({ value: 1 }));
    const frames = syntheticFrames({ count: 4 });
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => thenable(frames.next()) }),
    };
    const custom = new FlowGraphBuilder()
      .source()
      .module('modules', { modules: [plain, limited, signals] })
      .custom('same', { create: () => ({ process: (data) => thenable(data) }) })
      .build();
    for (const batchSize of [1, 2]) {
      const counts: number[] = [];
      await new SimpleBackend({ batchSize }).execute(
        batchSize === 1 ? source : syntheticFrames({ count: 4 }),
        custom,
        {
          onFrame: (_frame, [data]) => {
            counts.push(data?.observations.length ?? 0);
            return thenable(undefined);
          },
        },
      );
      expect(counts).toEqual([3, 3, 3, 3]);
    }
  });
});

describe('a trigger whose score is no number', () => {
  it.each([NaN, Infinity])('is the fault of its module, which is named (%s)', async (score) => {
    const module = defineModule({
      name: 'bad',
      process: () => ({ signals: { should_trigger: true, trigger_score: score } }),
    });
    const running = run(syntheticFrames({ count: 1 }), { modules: [module] });
    await expect(running).rejects.toMatchObject({
      code: 'VP_MODULE_BAD_RESULT',
      message: expect.stringContaining(`"bad" asked for a trigger on frame 0`) as string,
    });
  });
});

describe('a custom node', () => {
  it('of whose answer a part is wrong loses all of it where such items are dropped', async () => {
    const sometimes = new FlowGraphBuilder()
      .source()
      .custom('c', {
        create: () => ({
          process: (data) => (data.frame.frameId === 1 ? [data, 5 as never] : data),
        }),
      })
      .build();
    const counts: number[] = [];
    const { stats } = await run(syntheticFrames({ count: 3 }), {
      graph: sometimes,
      onNodeError: 'drop',
      onFrame: (_frame, results) => void counts.push(results.length),
    });
    expect(counts).toEqual([1, 0, 1]);
    expect(stats.nodes['c']).toMatchObject({ inCount: 3, outCount: 2, errorCount: 1 });
  });
});

describe('an abort in the turn that ends the stream', () => {
  const aborting = (controller: AbortController) =>
    new FlowGraphBuilder()
      .source()
      .collector('all', { batchSize: 100 })
      .module('last', {
        modules: [
          defineModule({
            name: 'last',
            process: () => {
              controller.abort(new Error('enough'));
              return {};
            },
          }),
        ],
      })
      .build();

  it('is the end of the run: nothing is delivered any more', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const running = run(syntheticFrames({ count: 3 }), {
      graph: aborting(controller),
      signal: controller.signal,
      onFlush: () => void log.push('onFlush'),
    });
    await expect(running).rejects.toThrow('enough');
    expect(log).toEqual([]);
  });

  it('is thrown also if it comes from onFlush', async () => {
    const controller = new AbortController();
    const collecting = new FlowGraphBuilder().source().collector('all', { batchSize: 9 }).build();
    const running = run(syntheticFrames({ count: 3 }), {
      graph: collecting,
      signal: controller.signal,
      onFlush: () => controller.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
  });
});
