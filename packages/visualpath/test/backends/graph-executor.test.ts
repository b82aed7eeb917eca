import { createHook } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { RingFrames, syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  DummyAnalyzer,
  FlowData,
  FlowGraph,
  FlowGraphBuilder,
  Frame,
  GraphExecutor,
  SimpleBackend,
  SimpleInterpreter,
  type FlowNode,
} from '../../src/index.ts';

const timesNs = (count: number) => Array.from({ length: count }, (_, i) => i * 100_000_000);

describe('GraphExecutor', () => {
  it('takes frames one by one, remembers between them, and gives the rest in the flush', async () => {
    const graph = new FlowGraphBuilder()
      .source()
      .module('modules', { modules: [new DummyAnalyzer()] })
      .collector('pairs', { batchSize: 2 })
      .build();
    const executor = new GraphExecutor(graph);
    await executor.initialize();
    const sizes: number[] = [];
    for (const frame of syntheticFrames({ count: 3 })) {
      for (const data of await executor.process(frame)) sizes.push(data.observations.length);
    }
    for (const data of await executor.flush()) sizes.push(data.observations.length);
    expect(sizes).toEqual([2, 1]);
    expect(await executor.cleanup()).toEqual([]);
  });

  it('keeps the frames of results readable until the next call, and gives all back at the end', async () => {
    const graph = new FlowGraphBuilder()
      .source()
      .window('window', { windowNs: 250_000_000, keepFrames: true })
      .build();
    const executor = new GraphExecutor(graph);
    const ring = new RingFrames({ timesNs: timesNs(7) });
    const pixels: number[] = [];
    for await (const frame of ring) {
      for (const data of await executor.process(frame)) pixels.push(data.frame.data[0]!);
    }
    for (const data of await executor.flush()) pixels.push(data.frame.data[0]!);
    await executor.cleanup();
    expect(pixels).toEqual([2, 4, 6]);
    expect(ring.freeCount).toBe(ring.slotCount);
  });

  it('throws the error of a module, and can be cleaned up', async () => {
    const log: string[] = [];
    const module = defineModule({
      name: 'failing',
      process: () => {
        throw new Error('broken');
      },
      cleanup: () => void log.push('cleanup'),
    });
    const executor = new GraphExecutor(FlowGraph.fromModules([module]));
    await executor.initialize();
    const [frame] = syntheticFrames({ count: 1 });
    await expect(executor.process(frame!)).rejects.toMatchObject({ code: 'VP_MODULE_FAILED' });
    await executor.cleanup();
    expect(log).toEqual(['cleanup']);
  });
});

describe('SimpleInterpreter', () => {
  const frame = (frameId: number) =>
    Frame.fromRgb({
      ...{ frameId, tSrcNs: frameId * 1000, width: 1, height: 1, data: new Uint8Array(3) },
    });
  const item = (frameId: number) => new FlowData(frame(frameId), [], 'main');

  it('takes an item through one node, which remembers from call to call', async () => {
    const node: FlowNode = { name: 'thin', spec: { kind: 'sample', every: 2 } };
    const interpreter = new SimpleInterpreter();
    const passed = [];
    for (let i = 0; i < 4; i++) passed.push((await interpreter.interpret(node, item(i))).length);
    expect(passed).toEqual([1, 0, 1, 0]);
  });

  it('runs the modules of a node in order of their dependencies', async () => {
    const a = new DummyAnalyzer({ name: 'a' });
    const b = new DummyAnalyzer({ name: 'b', depends: ['a'] });
    const node: FlowNode = { name: 'both', spec: { kind: 'module', modules: [b, a] } };
    const [data] = await new SimpleInterpreter().interpret(node, item(3));
    expect(data?.observations.map(({ source, frameId }) => `${source} ${frameId}`)).toEqual([
      'a 3',
      'b 3',
    ]);
  });
});

describe('a parallel run', () => {
  it('of synchronous modules makes no promises for a frame', async () => {
    // An earlier system of this shape made a thread pool for each level of each frame.
    const count = { promises: 0 };
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'PROMISE') count.promises += 1;
      },
    });
    const modules = Array.from({ length: 5 }, (_, i) => new DummyAnalyzer({ name: `m${i}` }));
    const graph = FlowGraph.fromModules(modules);
    hook.enable();
    await new SimpleBackend({ parallel: true }).execute(syntheticFrames({ count: 2000 }), graph);
    hook.disable();
    // A few are made whenever the run lets others have the thread, which depends on how fast it is.
    expect(count.promises).toBeLessThan(1000);
  });
});

describe('several frames in flight', () => {
  /** A module that answers when it is told to. */
  function gated(name: string, depends: readonly string[] = []) {
    const started: number[] = [];
    const gates: (() => void)[] = [];
    const module = defineModule({
      name,
      depends,
      process: async (one) => {
        started.push(one.frameId);
        await new Promise<void>((resolve) => gates.push(resolve));
        return {};
      },
    });
    return { module, started, open: () => gates.shift()?.() };
  }

  it('let a module see the next frame while another still works on the one before', async () => {
    const first = gated('first');
    const second = gated('second', ['first']);
    const delivered: number[] = [];
    const run = new SimpleBackend({ maxInFlight: 2 }).execute(
      syntheticFrames({ count: 3 }),
      FlowGraph.fromModules([first.module, second.module]),
      { onFrame: (one) => void delivered.push(one.frameId) },
    );
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    expect([first.started, second.started]).toEqual([[0], []]);
    first.open();
    await settle();
    // One frame at a time for each module, two frames at a time for the run.
    expect([first.started, second.started]).toEqual([[0, 1], [0]]);
    first.open();
    await settle();
    expect([first.started, second.started]).toEqual([[0, 1], [0]]);
    second.open();
    await settle();
    expect([first.started, second.started, delivered]).toEqual([[0, 1, 2], [0, 1], [0]]);
    for (let i = 0; i < 5; i++) {
      first.open();
      second.open();
      await settle();
    }
    expect((await run).frameCount).toBe(3);
    expect(delivered).toEqual([0, 1, 2]);
  });
});

describe('an abort', () => {
  it('does not wait for ever for a module that hangs', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const log: string[] = [];
    const hanging = defineModule({
      name: 'hanging',
      process: () => {
        controller.abort(reason);
        return new Promise<undefined>(() => undefined);
      },
      cleanup: () => void log.push('cleanup'),
    });
    const run = new SimpleBackend({ abortGraceMs: 5 }).execute(
      syntheticFrames({ count: 2 }),
      FlowGraph.fromModules([hanging]),
      { signal: controller.signal },
    );
    await expect(run).rejects.toBe(reason);
    expect(log).toEqual(['cleanup']);
  });
});
