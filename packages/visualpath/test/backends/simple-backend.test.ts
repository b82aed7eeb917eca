import { describe, expect, it } from 'vitest';
import { asyncFrames, syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  FlowGraph,
  Module,
  SimpleBackend,
  Trigger,
  type AnyModule,
  type ExecuteOptions,
  type Frame,
  type Frames,
} from '../../src/index.ts';

const execute = (frames: Frames, modules: readonly AnyModule[], options: ExecuteOptions = {}) =>
  new SimpleBackend().execute(frames, FlowGraph.fromModules(modules), options);

/** A module that writes down everything that happens to it. */
class Recorder extends Module {
  readonly name: string;
  override readonly depends: readonly string[];
  readonly log: string[];
  constructor(log: string[], name: string, depends: readonly string[] = []) {
    super();
    this.log = log;
    this.name = name;
    this.depends = depends;
  }
  override initialize(): void {
    this.log.push(`initialize ${this.name}`);
  }
  override warmup(frame: Frame): void {
    this.log.push(`warmup ${this.name} ${frame.frameId}`);
  }
  process(frame: Frame) {
    this.log.push(`process ${this.name} ${frame.frameId}`);
    return {};
  }
  override cleanup(): void {
    this.log.push(`cleanup ${this.name}`);
  }
}

describe('SimpleBackend', () => {
  it('starts modules in the order of their dependencies and cleans up in reverse', async () => {
    const log: string[] = [];
    const modules = [new Recorder(log, 'b', ['a']), new Recorder(log, 'a')];
    await execute(syntheticFrames({ count: 2 }), modules);
    expect(log).toEqual([
      ...['initialize a', 'initialize b', 'warmup a 0', 'warmup b 0'],
      ...['process a 0', 'process b 0', 'process a 1', 'process b 1'],
      ...['cleanup b', 'cleanup a'],
    ]);
  });

  it('gives each module the observations of this very frame, with source, id and time', async () => {
    const index = defineModule({
      name: 'index',
      process: (frame) => ({ signals: { value: frame.frameId * 2 }, data: { id: frame.frameId } }),
    });
    const seen: unknown[] = [];
    const reader = defineModule({
      name: 'reader',
      depends: [index],
      process: async (frame, deps) => {
        await Promise.resolve();
        seen.push([frame.frameId, deps.index.signals, deps.index.data?.id, deps.index.tNs]);
        return undefined;
      },
    });
    await execute(asyncFrames({ count: 3, fps: 4 }), [reader]);
    expect(seen).toEqual([
      [0, { value: 0 }, 0, 0],
      [1, { value: 2 }, 1, 250_000_000],
      [2, { value: 4 }, 2, 500_000_000],
    ]);
  });

  it('skips and counts a frame in which a required dependency saw nothing', async () => {
    const odd = defineModule({
      name: 'odd',
      process: (frame) => (frame.frameId % 2 === 1 ? {} : undefined),
    });
    const ids: number[] = [];
    const optionalIds: boolean[] = [];
    const needs = defineModule({
      name: 'needs',
      depends: [odd],
      process: (frame) => void ids.push(frame.frameId),
    });
    const takes = defineModule({
      name: 'takes',
      optionalDepends: [odd],
      process: (_, deps) => void optionalIds.push(deps.odd !== undefined),
    });
    const { stats } = await execute(syntheticFrames({ count: 5 }), [odd, needs, takes]);
    expect(ids).toEqual([1, 3]);
    expect(optionalIds).toEqual([false, true, false, true, false]);
    expect(stats.modules['needs']).toMatchObject({ callCount: 2, skippedCount: 3 });
    expect(stats.modules['odd']).toMatchObject({ callCount: 5, observationCount: 2 });
  });

  it('runs asynchronous modules of a level side by side', async () => {
    const arrived: string[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const waitFor = (name: string) =>
      defineModule({
        name,
        process: async () => {
          arrived.push(name);
          if (arrived.length === 2) open();
          await gate;
          return {};
        },
      });
    const { stats } = await execute(syntheticFrames({ count: 1 }), [waitFor('a'), waitFor('b')]);
    expect(arrived).toEqual(['a', 'b']);
    expect(stats.modules['b']?.observationCount).toBe(1);
  });

  it('fires the triggers of a frame, in module order, before its onFrame', async () => {
    const log: string[] = [];
    const firing = defineModule({
      name: 'firing',
      process: (frame) => ({
        signals: { should_trigger: frame.frameId === 1, trigger_score: 0.5 },
        metadata: {
          trigger: Trigger.point({
            eventTimeNs: frame.tSrcNs,
            preSec: 1,
            postSec: 1,
            label: 'one',
          }),
        },
      }),
    });
    const bare = defineModule({
      name: 'bare',
      depends: [firing],
      process: (frame) => ({ signals: { should_trigger: frame.frameId === 1 } }),
    });
    const graph = FlowGraph.fromModules([bare, firing], {
      onTrigger: async (data, observation) => {
        await Promise.resolve();
        log.push(`trigger ${data.frame.frameId} ${observation.source}`);
      },
    });
    const result = await new SimpleBackend().execute(syntheticFrames({ count: 3 }), graph, {
      onFrame: (frame, [data]) => void log.push(`frame ${frame.frameId} ${data?.results.size}`),
    });
    expect(log).toEqual([
      'frame 0 2',
      'trigger 1 firing',
      'trigger 1 bare',
      'frame 1 2',
      'frame 2 2',
    ]);
    expect(result.triggers.map((trigger) => trigger.label)).toEqual(['one', 'bare']);
  });

  it('stops early on exactly false, closes the source and counts what was delivered', async () => {
    const log: string[] = [];
    const released: number[] = [];
    const frames = syntheticFrames({ count: 100, onRelease: (id) => released.push(id) });
    const { frameCount, stats } = await execute(frames, [new Recorder(log, 'a')], {
      onFrame: (frame) => frame.frameId < 3,
    });
    expect(frameCount).toBe(4);
    expect(stats).toMatchObject({ readCount: 4, processedCount: 4, isStoppedEarly: true });
    expect(released).toEqual([0, 1, 2, 3]);
    expect(log.at(-1)).toBe('cleanup a');
    expect(frames.next().done).toBe(true);
  });

  it('does not stop on undefined, null or 0', async () => {
    const answers: unknown[] = [undefined, null, 0];
    const { frameCount } = await execute(syntheticFrames({ count: 4 }), [], {
      onFrame: () => answers.shift() as undefined,
    });
    expect(frameCount).toBe(4);
  });

  it('cleans up every module whose initialize was called when one of them throws', async () => {
    const log: string[] = [];
    class Broken extends Recorder {
      override initialize(): void {
        throw new Error('no such model');
      }
    }
    const modules = [
      new Recorder(log, 'a'),
      new Broken(log, 'b', ['a']),
      new Recorder(log, 'c', ['b']),
    ];
    await expect(execute(syntheticFrames({ count: 1 }), modules)).rejects.toMatchObject({
      code: 'VP_MODULE_START_FAILED',
      message: expect.stringContaining('"b" failed in initialize(): no such model') as string,
    });
    expect(log).toEqual(['initialize a', 'cleanup b', 'cleanup a']);
  });

  it('names module and frame, keeps the cause and cleans up when a module throws', async () => {
    const log: string[] = [];
    const cause = new Error('shape mismatch');
    const failing = defineModule({
      name: 'failing',
      process: (frame) => {
        if (frame.frameId === 2) throw cause;
        return {};
      },
    });
    const run = execute(syntheticFrames({ count: 5, fps: 2 }), [new Recorder(log, 'a'), failing]);
    await expect(run).rejects.toMatchObject({
      code: 'VP_MODULE_FAILED',
      message: 'Module "failing" failed on frame 2 (1.000 s): shape mismatch',
      cause,
    });
    expect(log.at(-1)).toBe('cleanup a');
  });

  it.each(['onFrame', 'onTrigger', 'source'] as const)(
    'cleans up and lets the error through unchanged when the %s throws',
    async (where) => {
      const log: string[] = [];
      const error = new Error(`from ${where}`);
      const fail = () => {
        throw error;
      };
      function* source() {
        yield* syntheticFrames({ count: 1 });
        if (where === 'source') fail();
        yield* syntheticFrames({ count: 1 });
      }
      const firing = defineModule({
        name: 'firing',
        process: () => ({ signals: { should_trigger: true } }),
      });
      const graph = FlowGraph.fromModules([new Recorder(log, 'a'), firing], {
        onTrigger: where === 'onTrigger' ? fail : undefined,
      });
      const run = new SimpleBackend().execute(source(), graph, {
        onFrame: where === 'onFrame' ? fail : undefined,
      });
      await expect(run).rejects.toBe(error);
      expect(log.at(-1)).toBe('cleanup a');
    },
  );

  it('reports a failing cleanup after the rest was cleaned up, with the result', async () => {
    const log: string[] = [];
    class Sticky extends Recorder {
      override cleanup(): void {
        throw new Error('still busy');
      }
    }
    const modules = [new Recorder(log, 'a'), new Sticky(log, 'b', ['a'])];
    await expect(execute(syntheticFrames({ count: 2 }), modules)).rejects.toMatchObject({
      code: 'VP_CLEANUP_FAILED',
      details: { errors: ['still busy'], result: { frameCount: 2 } },
    });
    expect(log.at(-1)).toBe('cleanup a');
  });

  it('rethrows the reason of an abort while the source hangs, and cleans up', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const reason = new Error('enough');
    async function* hanging() {
      yield* syntheticFrames({ count: 1 });
      controller.abort(reason);
      await new Promise(() => undefined);
    }
    const run = execute(hanging(), [new Recorder(log, 'a')], { signal: controller.signal });
    await expect(run).rejects.toBe(reason);
    expect(log.at(-1)).toBe('cleanup a');
  });

  it('tells a module that its result is no observation', async () => {
    const wrong = defineModule({ name: 'wrong', process: () => 7 as never });
    await expect(execute(syntheticFrames({ count: 1 }), [wrong])).rejects.toMatchObject({
      code: 'VP_MODULE_BAD_RESULT',
    });
  });

  it('lets timers fire during a long synchronous run', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const busy = defineModule({
      name: 'busy',
      process: () => {
        const until = performance.now() + 2;
        while (performance.now() < until);
        return {};
      },
    });
    await execute(syntheticFrames({ count: 50 }), [busy]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });
});
