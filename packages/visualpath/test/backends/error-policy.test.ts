import { describe, expect, it, vi } from 'vitest';
import { syntheticFrames } from 'visualpath-testkit';
import {
  defineModule,
  FlowGraph,
  SimpleBackend,
  type ErrorPolicy,
  type FlowData,
  type Frame,
  type ProcessContext,
} from '../../src/index.ts';

async function runWith(
  errorPolicy: ErrorPolicy,
  process: (
    frameId: number,
    ctx: ProcessContext,
    frame: Frame,
  ) => object | undefined | Promise<object>,
  count = 3,
) {
  const module = defineModule({
    name: 'm',
    errorPolicy,
    process: (frame, _deps, ctx) => process(frame.frameId, ctx, frame),
  });
  const delivered: (FlowData | undefined)[] = [];
  const result = await new SimpleBackend({ abortGraceMs: 1 }).execute(
    syntheticFrames({ count }),
    FlowGraph.fromModules([module]),
    { onFrame: (_frame, [data]) => void delivered.push(data) },
  );
  return { delivered, stats: result.stats.modules['m']! };
}

const fail = (): never => {
  throw new Error('broken');
};

describe.each(['synchronous', 'asynchronous'])('error policy of a %s module', (mode) => {
  const maybeAsync = <T>(call: () => T) =>
    mode === 'synchronous' ? call() : (async () => call())();

  it('skip gives no observation for the frame and goes on', async () => {
    const { delivered, stats } = await runWith({ fallback: 'skip' }, (id) =>
      maybeAsync(() => (id === 1 ? fail() : {})),
    );
    expect(delivered.map((data) => data?.observations.length)).toEqual([1, 0, 1]);
    expect(stats).toMatchObject({ callCount: 3, errorCount: 1, observationCount: 2 });
  });

  it('default gives the declared signals and says why', async () => {
    const policy: ErrorPolicy = { fallback: 'default', defaultSignals: { score: 0 } };
    const { delivered } = await runWith(policy, () => maybeAsync(fail), 1);
    expect(delivered[0]?.observations[0]).toMatchObject({
      signals: { score: 0 },
      metadata: { error: { code: 'VP_MODULE_FAILED' } },
    });
  });

  it('raise ends the run after the declared number of further tries', async () => {
    const tries = vi.fn(() => maybeAsync(fail));
    await expect(runWith({ fallback: 'raise', maxRetries: 2 }, tries)).rejects.toMatchObject({
      code: 'VP_MODULE_FAILED',
    });
    expect(tries).toHaveBeenCalledTimes(3);
  });

  it('does not try again once the run is aborted', async () => {
    const controller = new AbortController();
    const tries = vi.fn(() => {
      controller.abort(new Error('enough'));
      return maybeAsync(fail);
    });
    const module = defineModule({
      name: 'm',
      errorPolicy: { fallback: 'skip', maxRetries: 5 },
      process: tries,
    });
    const run = new SimpleBackend().execute(
      syntheticFrames({ count: 2 }),
      FlowGraph.fromModules([module]),
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow('enough');
    expect(tries).toHaveBeenCalledTimes(1);
  });

  it('a further try that works counts as a success', async () => {
    let failuresLeft = 2;
    const { stats } = await runWith({ fallback: 'raise', maxRetries: 2, retryDelayMs: 1 }, () =>
      maybeAsync(() => (failuresLeft-- > 0 ? fail() : {})),
    );
    expect(stats).toMatchObject({
      callCount: 3,
      errorCount: 2,
      retryCount: 2,
      observationCount: 3,
    });
  });
});

describe('timeoutMs', () => {
  it('aborts an asynchronous call, throws its late result away and keeps its frame until then', async () => {
    let signal: AbortSignal | undefined;
    let late: Frame | undefined;
    let finishLate: (value: object) => void = () => undefined;
    const { delivered, stats } = await runWith(
      { fallback: 'skip', timeoutMs: 10 },
      (_id, ctx, frame) => {
        late = frame;
        signal = ctx.signal;
        return new Promise((resolve) => (finishLate = resolve));
      },
      1,
    );
    expect(late?.isReleased).toBe(false);
    finishLate({});
    await new Promise(setImmediate);
    expect(late?.isReleased).toBe(true);
    expect(delivered[0]?.observations).toEqual([]);
    expect(stats).toMatchObject({ timeoutCount: 1, errorCount: 0 });
    expect(signal?.reason).toMatchObject({ code: 'VP_MODULE_TIMEOUT' });
  });

  it('replaces the result of a synchronous call that took too long', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const slow = () => {
      const until = performance.now() + 8;
      while (performance.now() < until);
      return { signals: { late: true } };
    };
    const { delivered, stats } = await runWith({ fallback: 'skip', timeoutMs: 2 }, slow, 2);
    expect(delivered.flatMap((data) => data?.observations)).toEqual([]);
    expect(stats.timeoutCount).toBe(2);
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });

  it('raise names the limit', async () => {
    const hang = () => new Promise<object>(() => undefined);
    await expect(runWith({ fallback: 'raise', timeoutMs: 5 }, hang, 1)).rejects.toMatchObject({
      code: 'VP_MODULE_TIMEOUT',
      message: expect.stringContaining('within 5 ms') as string,
    });
  });
});
