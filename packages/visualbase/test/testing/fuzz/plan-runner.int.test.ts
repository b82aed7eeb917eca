import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FuzzPlan } from '../../../src/testing/fuzz/fuzz-case.ts';
import { PlanRunner } from '../../../src/testing/fuzz/plan-runner.ts';
import { makeVideo } from '../../../src/testing/make-video.ts';
import { useTempFolder } from '../../source/read-source.ts';

const at = useTempFolder();
const LIMITS = { timeoutMs: 20_000, maxRssMb: 1500 };
const NO_LIMIT = { timeoutMs: 1e9, maxRssMb: 1e9 };
const plan = (path: string): FuzzPlan => ({ path, options: {}, clip: undefined });

beforeAll(async () => {
  await makeVideo({ path: at('good.mp4'), frameCount: 10 });
  await makeVideo({ path: at('long.mp4'), frameCount: 3000, width: 640, height: 480 });
  writeFileSync(at('text.mp4'), 'Dear diary.\n'.repeat(100));
}, 60_000);

describe('PlanRunner', () => {
  it('tells good files from bad ones, in the same process', async () => {
    await using runner = new PlanRunner(LIMITS);
    expect(await runner.run(plan(at('good.mp4')))).toEqual({ outcome: 'ok', detail: '' });
    expect(await runner.run(plan(at('text.mp4')))).toMatchObject({
      outcome: 'error',
      detail: 'VB_NOT_MEDIA',
    });
    expect(runner.ageCount).toBe(2);
  });

  it('tells an error without a code', async () => {
    await using runner = new PlanRunner(LIMITS);
    const options = { fps: -1 };
    expect(await runner.run({ ...plan(at('good.mp4')), options })).toMatchObject({
      outcome: 'untyped',
      detail: expect.stringContaining('RangeError'),
    });
  });

  it.each(['SIGSEGV', 'SIGABRT'] as const)(
    'tells that the process ended by %s, and goes on with another',
    async (signal) => {
      await using runner = new PlanRunner(NO_LIMIT);
      const running = runner.run(plan(at('long.mp4')));
      process.kill(runner.pid!, signal);
      expect(await running).toEqual({ outcome: 'crash', detail: signal });
      expect(await runner.run(plan(at('good.mp4')))).toMatchObject({ outcome: 'ok' });
    },
  );

  it('tells that nothing comes any more', async () => {
    await using runner = new PlanRunner({ ...NO_LIMIT, timeoutMs: 300 });
    const running = runner.run(plan(at('long.mp4')));
    process.kill(runner.pid!, 'SIGSTOP');
    expect(await running).toMatchObject({ outcome: 'hang' });
  });

  it.skipIf(process.platform !== 'linux')('tells that it takes too much memory', async () => {
    await using runner = new PlanRunner({ ...NO_LIMIT, maxRssMb: 20 });
    expect(await runner.run(plan(at('long.mp4')))).toMatchObject({ outcome: 'too-big' });
  });
});
