import { describe, expect, it, vi } from 'vitest';
import { asyncFrames, syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  FlowGraph,
  GraphExecutor,
  SimpleBackend,
  type AnyModule,
  type ErrorPolicy,
  type Frames,
} from '../../src/index.ts';

const hang = () => new Promise<never>(() => undefined);
const reason = new Error('enough');

type Hook = 'initialize' | 'warmup' | 'reset' | 'cleanup';

/** A module that writes down what is called, and hangs in one hook after it has aborted the signal. */
function recorder(log: string[], name: string, hangsIn?: Hook, controller?: AbortController) {
  const hook = (one: Hook) => () => {
    log.push(`${one} ${name}`);
    if (one !== hangsIn) return undefined;
    controller?.abort(reason);
    return hang();
  };
  return defineModule({
    name,
    process: () => ({}),
    initialize: hook('initialize'),
    warmup: hook('warmup'),
    reset: hook('reset'),
    cleanup: hook('cleanup'),
  });
}

const execute = (frames: Frames, modules: readonly AnyModule[], signal: AbortSignal) =>
  new SimpleBackend({ abortGraceMs: 1 }).execute(frames, FlowGraph.fromModules(modules), {
    signal,
  });

describe('an abort while a module does not come back', () => {
  it('from initialize starts no other module, and cleans up those that were started', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const modules = [
      recorder(log, 'a'),
      recorder(log, 'b', 'initialize', controller),
      recorder(log, 'c'),
    ];
    const run = execute(syntheticFrames({ count: 2 }), modules, controller.signal);
    await expect(run).rejects.toBe(reason);
    expect(log).toEqual(['initialize a', 'initialize b', 'cleanup b', 'cleanup a']);
  });

  it('from warmup warms up no other, also when it comes back at last', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    let comeBack: () => void = () => undefined;
    const slow = defineModule({
      name: 'a',
      process: () => ({}),
      warmup: () => {
        log.push('warmup a');
        controller.abort(reason);
        return new Promise<void>((resolve) => (comeBack = resolve));
      },
      cleanup: () => void log.push('cleanup a'),
    });
    const modules = [slow, recorder(log, 'b')];
    const run = execute(syntheticFrames({ count: 2 }), modules, controller.signal);
    await expect(run).rejects.toBe(reason);
    comeBack();
    await new Promise(setImmediate);
    expect(log.slice(1)).toEqual(['warmup a', 'cleanup b', 'cleanup a']);
  });

  it('from reset resets no other, and the session can still be closed', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const graph = FlowGraph.fromModules([
      recorder(log, 'a', 'reset', controller),
      recorder(log, 'b'),
    ]);
    const session = await new SimpleBackend({ abortGraceMs: 1 }).open(graph);
    const { signal } = controller;
    await session.execute(syntheticFrames({ count: 1 }));
    const second = session.execute(syntheticFrames({ count: 1 }), { signal });
    await expect(second).rejects.toBe(reason);
    await session.close();
    expect(log.slice(4)).toEqual(['reset a', 'cleanup b', 'cleanup a']);
  });

  it('from cleanup cleans up the others, and is the reason that the run rejects with', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const modules = [recorder(log, 'a'), recorder(log, 'b', 'cleanup', controller)];
    const run = execute(syntheticFrames({ count: 1 }), modules, controller.signal);
    await expect(run).rejects.toBe(reason);
    expect(log.slice(-2)).toEqual(['cleanup b', 'cleanup a']);
  });

  it('from initialize ends an executor that is driven by hand', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const module = defineModule({
      name: 'm',
      process: () => ({}),
      initialize: async () => {
        signal.addEventListener('abort', tell);
        controller.abort(reason);
        await told;
        throw new Error('interrupted');
      },
    });
    const executor = new GraphExecutor(FlowGraph.fromModules([module]), { signal });
    await expect(executor.initialize()).rejects.toBe(reason);
    expect(await executor.cleanup()).toEqual([]);
  });
});

describe('an abort while the source does not come back', () => {
  it('from return() ends the run all the same', async () => {
    const controller = new AbortController();
    const frames = asyncFrames({ count: 3 });
    const source: Frames = {
      [Symbol.asyncIterator]: () => ({
        next: async () => frames.next(),
        return: async () => {
          controller.abort(reason);
          return hang();
        },
      }),
    };
    const run = new SimpleBackend({ abortGraceMs: 1 }).execute(source, FlowGraph.fromModules([]), {
      signal: controller.signal,
      onFrame: () => false,
    });
    await expect(run).rejects.toBe(reason);
  });
});

describe('errors that come after the first one', () => {
  const failing = (name: string, message: string, hooks: Partial<AnyModule> = {}) =>
    defineModule({
      name,
      process: () => ({}),
      cleanup: () => {
        throw new Error(message);
      },
      ...(hooks as object),
    });

  it('are attached to it, those of cleaning up and of closing the source', async () => {
    const first = new Error('callback');
    const frames = syntheticFrames({ count: 2 });
    const source = {
      [Symbol.iterator]: () => ({
        next: () => frames.next(),
        return: () => {
          throw new Error('source');
        },
      }),
    };
    const graph = FlowGraph.fromModules([failing('a', 'from a'), failing('b', 'from b')]);
    const run = new SimpleBackend().execute(source, graph, {
      onFrame: () => {
        throw first;
      },
    });
    await expect(run).rejects.toBe(first);
    expect(first).toMatchObject({
      suppressed: [{ message: 'source' }, { message: 'from b' }, { message: 'from a' }],
    });
  });

  it('are told of in a warning where the first one can hold nothing', async () => {
    const frozen: Error = Object.freeze(new Error('frozen'));
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const run = new SimpleBackend().execute(
      syntheticFrames({ count: 1 }),
      FlowGraph.fromModules([failing('a', 'from a')]),
      {
        onFrame: () => {
          throw frozen;
        },
      },
    );
    await expect(run).rejects.toThrow('frozen');
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned.mock.calls[0]?.[0]).toMatchObject({ message: 'from a' });
    warned.mockRestore();
  });
});

describe('the signals that modules get', () => {
  it('take any number of listeners without a warning of a leak', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const listening = (name: string, errorPolicy?: ErrorPolicy) =>
      defineModule({
        name,
        ...(errorPolicy && { errorPolicy }),
        process: (_frame, _deps, { signal }) => {
          for (let i = 0; i < 12; i++) signal.addEventListener('abort', () => void i);
        },
      });
    const modules = [listening('a'), listening('b', { timeoutMs: 1000, fallback: 'skip' })];
    await new SimpleBackend().execute(
      syntheticFrames({ count: 1 }),
      FlowGraph.fromModules(modules),
    );
    expect(warned.mock.calls).toEqual([]);
    warned.mockRestore();
  });
});
