import { afterEach, describe, expect, it } from 'vitest';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { sharedLoads } from '../../src/engine/shared-cores.ts';
import { FACE_DETECTION_FULL_RANGE, FACE_LANDMARK_MESH } from '../../src/model/catalogue.ts';
import { randomFloats } from '../support/random.ts';
import { runProgram } from '../support/run-program.ts';

let open: InferenceEngine[] = [];
const shared = async (options = {}): Promise<InferenceEngine> => {
  const engine = await InferenceEngine.shared(options);
  open.push(engine);
  return engine;
};
afterEach(async () => {
  await Promise.all(open.map((engine) => engine.close()));
  open = [];
});

describe('shared engines within a budget', () => {
  it('spreads modules over threads, whatever their options, and never beyond the budget', async () => {
    InferenceEngine.limitShared(2);
    for (const options of [{}, { queueCapacity: 7 }, { threadCount: 1 }, { cacheFolder: '/x' }]) {
      await shared(options);
    }
    expect(sharedLoads()).toEqual([
      { threadCount: 1, holderCount: 2 },
      { threadCount: 1, holderCount: 2 },
    ]);
  });

  it('says how many threads an inference gets where the budget has fewer than wanted', async () => {
    InferenceEngine.limitShared(3);
    const [one, two, three] = [
      await shared({ threadCount: 2 }),
      await shared({ threadCount: 8 }),
      await shared(),
    ];
    expect([one.threadCount, two.threadCount, three.threadCount]).toEqual([2, 3, 1]);
    expect(sharedLoads()).toEqual([{ threadCount: 3, holderCount: 3 }]);
  });

  it('ends a thread with its last holder, and starts one for the next', async () => {
    InferenceEngine.limitShared(2);
    const [one, two] = [await shared(), await shared()];
    await one.close();
    expect(sharedLoads()).toEqual([{ threadCount: 1, holderCount: 1 }]);
    await two.close();
    expect(sharedLoads()).toEqual([]);
    await shared();
    expect(sharedLoads()).toEqual([{ threadCount: 1, holderCount: 1 }]);
  });

  it.each([0, 1.5, 257, NaN])('refuses a budget of %d', (budget) => {
    expect(() => InferenceEngine.limitShared(budget)).toThrow(/from 1 to 256, got/);
  });

  it('gives the same numbers, bit for bit, on one thread or several', async () => {
    const answers: Float32Array[][] = [];
    for (const [budget, threadCount] of [
      [1, 1],
      [4, 1],
      [4, 2],
    ] as const) {
      InferenceEngine.limitShared(budget);
      const runs = [FACE_LANDMARK_MESH, FACE_DETECTION_FULL_RANGE].map(async (model) => {
        const session = await (await shared({ threadCount })).load(model.ref);
        const { name, sizePx } = model.input;
        const data = randomFloats(7, sizePx * sizePx * 3, 0, 1);
        const dims = [1, sizePx, sizePx, 3];
        return Object.values(await session.run({ [name]: { data, dims } })).map((o) => o.data);
      });
      answers.push((await Promise.all(runs)).flat());
      await Promise.all(open.map((engine) => engine.close()));
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('runs one model on several threads at a time in lanes, as many as the budget has', async () => {
    InferenceEngine.limitShared(2);
    const engine = await shared({ laneCount: 3 });
    expect(engine.laneCount).toBe(2);
    expect(sharedLoads()).toEqual([
      { threadCount: 1, holderCount: 1 },
      { threadCount: 1, holderCount: 1 },
    ]);
    const session = await engine.load(FACE_LANDMARK_MESH.ref);
    const { name, sizePx } = FACE_LANDMARK_MESH.input;
    const run = async (seed: number) => {
      const data = randomFloats(seed, sizePx * sizePx * 3, 0, 1);
      const answer = await session.run({ [name]: { data, dims: [1, sizePx, sizePx, 3] } });
      return Object.values(answer).map((output) => output.data);
    };
    const together = await Promise.all([1, 2, 3, 4].map(run));
    const alone = [await run(1), await run(2), await run(3), await run(4)];
    expect(together).toEqual(alone);
    await session.release();
    await expect(run(1)).rejects.toMatchObject({ code: 'VPX_CLOSED' });
    await engine.close();
    expect(sharedLoads()).toEqual([]);
  });

  it('takes the budget from VISUALPATH_ENGINE_THREADS', async () => {
    const program = (threads: string) => `process.env.VISUALPATH_ENGINE_THREADS = '${threads}';
      const engine = await sdk.InferenceEngine.shared({ threadCount: 16 });
      console.log(engine.threadCount);`;
    expect(await runProgram(program('3'))).toMatchObject({ exitCode: 0, stdout: '3\n' });
    const wrong = await runProgram(program('many'));
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/VISUALPATH_ENGINE_THREADS must be a whole number from 1 to 256/);
  });
});
