import { describe, expect, it } from 'vitest';
import { syntheticFrames } from 'visualpath-testkit';
import { analyzer, fusion, run, trigger } from '../../src/index.ts';

const index = analyzer('test.index', (frame) => ({ value: frame.frameId }));

describe('analyzer', () => {
  it('gives what its function returns as signals', async () => {
    const seen: unknown[] = [];
    await run(syntheticFrames({ count: 2 }), {
      modules: [index],
      onFrame: (_, [data]) => void seen.push(data?.results.get('test.index')?.signals),
    });
    expect(seen).toEqual([{ value: 0 }, { value: 1 }]);
  });

  it('may be asynchronous, depend on others and see nothing', async () => {
    const odd = analyzer(
      'test.odd',
      async (_frame, deps) => {
        await Promise.resolve();
        const value = Number(deps['test.index'].signals['value']);
        return value % 2 === 1 ? { value } : undefined;
      },
      { depends: [index] },
    );
    const { stats } = await run(syntheticFrames({ count: 5 }), { modules: [odd] });
    expect(stats.modules['test.odd']).toMatchObject({ callCount: 5, observationCount: 2 });
  });
});

describe('fusion', () => {
  const fire = (cooldownSec?: number) =>
    fusion({ sources: [index], ...(cooldownSec !== undefined && { cooldownSec }) }, (deps) =>
      deps['test.index'].signals['value'] === 0 ? undefined : trigger('moment', { score: 0.5 }),
    );

  it('fires what its function returns, at the time of the frame', async () => {
    const { triggers } = await run(syntheticFrames({ count: 2, fps: 4 }), { modules: [fire()] });
    expect(triggers.map((one) => one.toJSON())).toEqual([
      {
        ...{ kind: 'point', startTimeNs: 250_000_000, endTimeNs: 250_000_000 },
        ...{ preSec: 2, postSec: 2, label: 'moment', score: 0.5, metadata: {} },
      },
    ]);
  });

  it('is quiet for its cooldown in media time, and forgets it between videos', async () => {
    const module = fire(0.5);
    const first = await run(syntheticFrames({ count: 14, fps: 10 }), { modules: [module] });
    expect(first.triggers.map((one) => one.startTimeNs / 1e8)).toEqual([1, 6, 11]);
    await module.reset();
    const second = await run(syntheticFrames({ count: 3, fps: 10 }), { modules: [module] });
    expect(second.triggers.map((one) => one.startTimeNs / 1e8)).toEqual([1]);
  });

  it('says in its signals that nothing happened', async () => {
    const seen: unknown[] = [];
    await run(syntheticFrames({ count: 2 }), {
      modules: [fire()],
      onFrame: (_, [data]) => void seen.push(data?.results.get('fusion.test.index')?.signals),
    });
    expect(seen).toEqual([
      { should_trigger: false },
      { should_trigger: true, trigger_score: 0.5, trigger_reason: 'moment' },
    ]);
  });

  it('refuses a negative cooldown', () => {
    expect(() => fire(-1)).toThrow('`cooldownSec`');
  });
});
