import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Frame } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { asyncFrames, syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  FlowGraph,
  SimpleBackend,
  type AnyModule,
  type ModuleDefinition,
} from '../../src/index.ts';
import { FramePins } from '../../src/backends/simple/frame-pins.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A module with a limit of 30 ms, some of whose calls go on; `onLate` is told when their time is over. */
function straggling(
  isLate: (frameId: number) => boolean,
  onLate: (end: () => void) => void,
  definition: Partial<ModuleDefinition<string, unknown, readonly [], readonly []>> = {},
) {
  const log: string[] = [];
  const module: AnyModule = defineModule({
    name: 'm',
    errorPolicy: { timeoutMs: 30, fallback: 'skip' },
    process: async ({ frameId }, _deps, { signal }) => {
      log.push(`begin ${frameId}`);
      if (isLate(frameId)) {
        await new Promise<void>((end) => signal.addEventListener('abort', () => onLate(end)));
      }
      log.push(`end ${frameId}`);
      return {};
    },
    reset: () => void log.push('reset'),
    cleanup: () => void log.push('cleanup'),
    ...definition,
  });
  return { module, log };
}

const never = () => undefined;
/** By then the next call is waiting. */
const soon = (end: () => void): void => {
  void (async () => {
    for (let i = 0; i < 5; i++) await new Promise(setImmediate);
    end();
  })();
};

const execute = (module: AnyModule, count: number, abortGraceMs: number) =>
  new SimpleBackend({ abortGraceMs }).execute(
    asyncFrames({ count }),
    FlowGraph.fromModules([module]),
  );

describe('a call that goes on after its time', () => {
  it.each([{}, { stateful: true, capabilities: { flags: ['THREAD_SAFE'] as const } }])(
    'is waited for by the next call of a module whose calls must not overlap (%#)',
    async (declared) => {
      const { module, log } = straggling((id) => id === 0, soon, declared);
      const { stats } = await execute(module, 2, 1000);
      expect(log).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'cleanup']);
      expect(stats.modules['m']).toMatchObject({ timeoutCount: 1, observationCount: 1 });
    },
  );

  it('makes the next call count as timed out where it goes on longer than that one may take', async () => {
    const { module, log } = straggling(() => true, never);
    const { stats } = await execute(module, 4, 1);
    expect(log).toEqual(['begin 0', 'cleanup']);
    expect(stats.modules['m']).toMatchObject({ callCount: 4, timeoutCount: 4 });
  });

  it('says so in the error', async () => {
    const errorPolicy = { timeoutMs: 30, fallback: 'default' as const };
    const { module } = straggling(() => true, never, { errorPolicy });
    const messages: unknown[] = [];
    await new SimpleBackend({ abortGraceMs: 1 }).execute(
      asyncFrames({ count: 2 }),
      FlowGraph.fromModules([module]),
      { onObservation: ({ metadata }) => void messages.push(metadata['error']) },
    );
    expect(messages[1]).toMatchObject({
      code: 'VP_MODULE_TIMEOUT',
      message: expect.stringContaining('an earlier call of it still goes on') as string,
    });
  });

  it('does not hold up a module whose calls may overlap', async () => {
    const capabilities = { flags: ['THREAD_SAFE'] as const };
    const { module, log } = straggling((id) => id === 0, never, { capabilities });
    await execute(module, 2, 1);
    expect(log).toEqual(['begin 0', 'begin 1', 'end 1', 'cleanup']);
  });

  it('is waited for before the module is cleaned up, also when the run has failed', async () => {
    const errorPolicy = { timeoutMs: 30, fallback: 'raise' as const };
    const { module, log } = straggling(() => true, soon, { errorPolicy });
    await expect(execute(module, 2, 10_000)).rejects.toMatchObject({ code: 'VP_MODULE_TIMEOUT' });
    expect(log).toEqual(['begin 0', 'end 0', 'cleanup']);
  });

  it('is waited for before the module is reset for the next video', async () => {
    let end: () => void = never;
    const { module, log } = straggling(
      (id) => id === 1,
      (itsEnd) => (end = itsEnd),
    );
    await using session = await new SimpleBackend().open(FlowGraph.fromModules([module]));
    await session.execute(syntheticFrames({ count: 2 }));
    setImmediate(end);
    await session.execute(syntheticFrames({ count: 1 }));
    expect(log).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'reset', 'begin 0', 'end 0']);
  });

  it('is followed by no other once the run is aborted', async () => {
    const controller = new AbortController();
    const { module, log } = straggling(
      (id) => id === 0,
      (end) =>
        soon(() => {
          controller.abort(new Error('enough'));
          end();
        }),
    );
    const run = new SimpleBackend().execute(
      asyncFrames({ count: 2 }),
      FlowGraph.fromModules([module]),
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow('enough');
    expect(log).toEqual(['begin 0', 'end 0', 'cleanup']);
  });

  it('does not keep its frame in memory when it hangs for ever', async () => {
    setFlagsFromString('--expose_gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const pins = new FramePins();
    const mark = (): WeakRef<Frame> => {
      const data = new Uint8Array(3);
      const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 1, height: 1, data });
      pins.markLate(frame);
      return new WeakRef(frame);
    };
    const reference = mark();
    // What a WeakRef gives stays until the job that asked has ended.
    await sleep(1);
    collectGarbage();
    expect(reference.deref()).toBeUndefined();
    pins.releaseAll();
  });
});
