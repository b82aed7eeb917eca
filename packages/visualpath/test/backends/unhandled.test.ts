import { describe, expect, it, vi } from 'vitest';
import { asyncFrames, syntheticFrames } from 'visualpath-testkit';
import {
  analyzer,
  FlowGraphBuilder,
  GraphExecutor,
  run,
  SimpleBackend,
  type DebugHooks,
  type ObservationInit,
} from '../../src/index.ts';
import { MergedInput } from '../../src/backends/simple/input/merged-input.ts';
import { ObservabilityHub, TraceLevel, type TraceSink } from '../../src/observability/index.ts';
import { unhandledRejections } from '../support/unhandled-rejections.ts';

const index = analyzer('test.index', (frame) => ({ value: frame.frameId }));
const passing = () => new FlowGraphBuilder().source().sample('all', { every: 1 }).build();

describe('a source that fails while another one is being read', () => {
  it('is the one whose error is thrown, and the other one fails without harm', async () => {
    const close = async (): Promise<void> => Promise.resolve();
    const slow = { close, next: async () => Promise.reject(new Error('slow failed')) };
    const broken = {
      close,
      next: () => {
        throw new Error('broken failed');
      },
    };
    const reasons = await unhandledRejections(async () => {
      const reading = async () => new MergedInput([slow, broken, slow]).next();
      await expect(reading()).rejects.toThrow('broken failed');
      expect(() => new MergedInput([broken, slow]).next()).toThrow('broken failed');
    });
    expect(reasons).toEqual([]);
  });
});

describe('a trace sink whose write is asynchronous and fails', () => {
  it('gets no more records and does not touch the run', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    let writeCount = 0;
    const write = async () => {
      writeCount += 1;
      await Promise.resolve();
      throw new Error('disk full');
    };
    const sink = { write } as unknown as TraceSink;
    const hub = new ObservabilityHub({ level: TraceLevel.NORMAL, sinks: [sink] });
    const reasons = await unhandledRejections(async () => {
      const options = { modules: [index], observability: hub };
      expect((await run(asyncFrames({ count: 40 }), options)).frameCount).toBe(40);
    });
    expect(reasons).toEqual([]);
    expect(hub.failedCount).toBe(1);
    expect(writeCount).toBeLessThan(40);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('may have no class and throw what is no error', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const sink = Object.assign(Object.create(null) as object, {
      write: () => {
        throw Object.create(null);
      },
    });
    const hub = new ObservabilityHub({ level: TraceLevel.NORMAL, sinks: [sink] });
    const options = { modules: [index], observability: hub };
    expect((await run(syntheticFrames({ count: 3 }), options)).frameCount).toBe(3);
    expect(hub.failedCount).toBe(1);
    warned.mockRestore();
  });
});

describe('a debug hook that gives a promise which rejects', () => {
  const rejecting = (atFrame: number): DebugHooks => ({
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the test is about a hook that JavaScript callers can pass although the types forbid it
    enter: async ({ items }) => {
      await Promise.resolve();
      if (items[0]?.frame.frameId === atFrame) throw new Error('hook failed');
    },
  });

  it.each([2, 9])('ends the run with its error (frame %d of 10)', async (atFrame) => {
    const reasons = await unhandledRejections(async () => {
      const failing = new SimpleBackend().execute(asyncFrames({ count: 10 }), passing(), {
        debug: rejecting(atFrame),
      });
      await expect(failing).rejects.toThrow('hook failed');
    });
    expect(reasons).toEqual([]);
  });

  it('may be a method that looks at its object', async () => {
    class Counter implements DebugHooks {
      count = 0;
      enter(): void {
        this.count += 1;
      }
    }
    const debug = new Counter();
    await new SimpleBackend().execute(syntheticFrames({ count: 3 }), passing(), { debug });
    expect(debug.count).toBe(3);
  });

  it('fails the next frame of an executor that is driven by hand', async () => {
    const executor = new GraphExecutor(passing(), { debug: rejecting(0) });
    const [first, second] = syntheticFrames({ count: 2 });
    const reasons = await unhandledRejections(async () => {
      await executor.process(first!);
      await new Promise(setImmediate);
      await expect(executor.process(second!)).rejects.toThrow('hook failed');
    });
    expect(reasons).toEqual([]);
  });
});

describe('code of a node that answers with a promise', () => {
  const promising = async (): Promise<never> => Promise.reject(new Error('too late'));
  const graphs = {
    cascadeFusion: new FlowGraphBuilder()
      .source()
      .cascadeFusion('node', { fuse: promising as never })
      .build(),
    filter: new FlowGraphBuilder()
      .source()
      .filter('node', { condition: promising as never })
      .build(),
  };

  it.each(Object.entries(graphs))(
    'is refused (%s), and how it ends has no effect',
    async (_, graph) => {
      const reasons = await unhandledRejections(async () => {
        const failing = new SimpleBackend().execute(syntheticFrames({ count: 2 }), graph);
        await expect(failing).rejects.toMatchObject({
          code: 'VP_NODE_FAILED',
          message: expect.stringContaining('must answer at once, it returned a promise') as string,
        });
      });
      expect(reasons).toEqual([]);
    },
  );
});

describe('a cascadeFusion whose fuse gives null', () => {
  it('saw nothing: the item passes as it came', async () => {
    const graph = new FlowGraphBuilder()
      .source()
      .cascadeFusion('fused', {
        fuse: ({ frame }): ObservationInit | null => (frame.frameId === 1 ? { signals: {} } : null),
      })
      .build();
    const counts: (number | undefined)[] = [];
    await run(syntheticFrames({ count: 3 }), {
      graph,
      onFrame: (_frame, [data]) => void counts.push(data?.observations.length),
    });
    expect(counts).toEqual([0, 1, 0]);
  });
});
