import { describe, expect, it } from 'vitest';
import { RingFrames, syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  FlowGraph,
  FlowGraphBuilder,
  SimpleBackend,
  type ErrorPolicy,
} from '../../src/index.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a call that goes on after its time', () => {
  it('does not hold a slot of the source: a module that always hangs does not stop the run', async () => {
    const hanging = defineModule({
      name: 'hanging',
      errorPolicy: { timeoutMs: 2, fallback: 'skip' },
      process: () => new Promise<undefined>(() => undefined),
    });
    const ring = new RingFrames({ timesNs: Array.from({ length: 20 }, (_, i) => i), slotCount: 4 });
    const { frameCount } = await new SimpleBackend({ abortGraceMs: 1 }).execute(
      ring,
      FlowGraph.fromModules([hanging]),
    );
    expect(frameCount).toBe(20);
    expect(ring.freeCount).toBe(4);
  });

  it('counts as too late also where it blocked the thread and then answered with a promise', async () => {
    const busy = defineModule({
      name: 'busy',
      errorPolicy: { timeoutMs: 1, fallback: 'skip' },
      process: async () => {
        const untilMs = performance.now() + 5;
        while (performance.now() < untilMs);
        return Promise.resolve({});
      },
    });
    const graph = FlowGraph.fromModules([busy]);
    const { stats } = await new SimpleBackend().execute(syntheticFrames({ count: 2 }), graph);
    expect(stats.modules['busy']).toMatchObject({ timeoutCount: 2, observationCount: 0 });
  });

  it('does not count what others do while it waits', async () => {
    const quick = defineModule({
      name: 'quick',
      errorPolicy: { timeoutMs: 10, fallback: 'skip' },
      process: async () => Promise.resolve({}),
    });
    const blocking = defineModule({
      name: 'blocking',
      process: () => {
        const untilMs = performance.now() + 25;
        while (performance.now() < untilMs);
        return {};
      },
    });
    const graph = FlowGraph.fromModules([quick, blocking]);
    const { stats } = await new SimpleBackend().execute(syntheticFrames({ count: 3 }), graph);
    expect(stats.modules['quick']).toMatchObject({ timeoutCount: 0, observationCount: 3 });
  });

  it('may be limited behind a node that keeps no pixels', async () => {
    const limited = defineModule({
      name: 'limited',
      errorPolicy: { timeoutMs: 1000, fallback: 'raise' },
      process: async () => Promise.resolve({}),
    });
    const graph = new FlowGraphBuilder()
      .source()
      .window('window', { windowNs: 3e8, keepFrames: false })
      .module('after', { modules: [limited] })
      .build();
    const { stats } = await new SimpleBackend().execute(syntheticFrames({ count: 12 }), graph);
    expect(stats.modules['limited']?.observationCount).toBe(4);
  });
});

describe('after the end of a run', () => {
  it.each([1, 2])('nothing is called any more by what was left alone (%d in flight)', async (n) => {
    const log: string[] = [];
    const controller = new AbortController();
    let finish: (value: object) => void = () => undefined;
    const slow = defineModule({
      name: 'slow',
      process: () => {
        controller.abort(new Error('enough'));
        return new Promise<object>((resolve) => (finish = resolve));
      },
    });
    const next = defineModule({
      name: 'next',
      depends: ['slow'],
      process: () => void log.push('process'),
      cleanup: () => void log.push('cleanup'),
    });
    const run = new SimpleBackend({ abortGraceMs: 1, maxInFlight: n }).execute(
      syntheticFrames({ count: 3 }),
      FlowGraph.fromModules([slow, next]),
      { signal: controller.signal, onFrame: () => void log.push('onFrame') },
    );
    await expect(run).rejects.toThrow('enough');
    finish({});
    await sleep(1);
    expect(log).toEqual(['cleanup']);
  });
});

describe('after an abort inside a batch', () => {
  it('the rest of the batch is left alone', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    let finish: (value: object) => void = () => undefined;
    const slow = defineModule({
      name: 'slow',
      process: ({ frameId }) => {
        log.push(`process ${frameId}`);
        controller.abort(new Error('enough'));
        return new Promise<object>((resolve) => (finish = resolve));
      },
      cleanup: () => void log.push('cleanup'),
    });
    const run = new SimpleBackend({ abortGraceMs: 1, batchSize: 4 }).execute(
      syntheticFrames({ count: 4 }),
      FlowGraph.fromModules([slow]),
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow('enough');
    finish({});
    await sleep(1);
    expect(log).toEqual(['process 0', 'cleanup']);
  });
});

describe('a session', () => {
  it('that is closed while it runs ends the run, and cleans up after it', async () => {
    const log: string[] = [];
    const module = defineModule({
      name: 'm',
      process: async () => {
        await Promise.resolve();
        log.push('process');
      },
      cleanup: () => void log.push('cleanup'),
    });
    const session = await new SimpleBackend().open(FlowGraph.fromModules([module]));
    const run = session.execute(syntheticFrames({ count: 2 }));
    const outcome = expect(run).rejects.toMatchObject({ code: 'VP_CLOSED' });
    await session.close();
    await outcome;
    expect(log.at(-1)).toBe('cleanup');
    expect(log.filter((line) => line === 'cleanup')).toHaveLength(1);
  });

  it('that is closed in a callback of its own run ends all the same', async () => {
    const backend = new SimpleBackend({ abortGraceMs: 1 });
    const graph = new FlowGraphBuilder().source().sample('all', { every: 1 }).build();
    const session = await backend.open(graph);
    const run = session.execute(syntheticFrames({ count: 2 }), {
      onFrame: async () => session.close(),
    });
    await expect(run).rejects.toMatchObject({ code: 'VP_CLOSED' });
    await session.close();
  });

  it('can be used again after a custom node could not be made', async () => {
    let count = 0;
    const graph = new FlowGraphBuilder()
      .source()
      .custom('c', {
        create: () => {
          if (count++ === 0) throw new Error('no device');
          return { process: (data) => data };
        },
      })
      .build();
    await using session = await new SimpleBackend().open(graph);
    await expect(session.execute(syntheticFrames({ count: 2 }))).rejects.toThrow('no device');
    expect((await session.execute(syntheticFrames({ count: 2 }))).frameCount).toBe(2);
  });
});

it.each<[string, ErrorPolicy]>([
  ['maxRetries', { maxRetries: -1, fallback: 'skip' }],
  ['maxRetries', { maxRetries: 1.5, fallback: 'skip' }],
  ['timeoutMs', { timeoutMs: Infinity, fallback: 'skip' }],
  ['retryDelayMs', { retryDelayMs: NaN, fallback: 'skip' }],
  ['fallback', { fallback: 'ignore' as never }],
])('refuses a %s that is none (%#)', (name, errorPolicy) => {
  const graph = FlowGraph.fromModules([
    defineModule({ name: 'm', errorPolicy, process: () => undefined }),
  ]);
  expect(() => graph.assertValid()).toThrow(`\`${name}\` of module "m"`);
});
