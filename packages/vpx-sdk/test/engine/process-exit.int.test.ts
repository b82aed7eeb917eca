import { describe, expect, it } from 'vitest';
import { INDEX, runProgram } from '../support/run-program.ts';

const OPEN = `
  const { ref, input } = sdk.FACE_LANDMARK_MESH;
  const dims = [1, input.sizePx, input.sizePx, 3];
  const engine = await sdk.InferenceEngine.open({ threadCount: 2 });
  const session = await engine.load(ref);
  const run = () => session.run({ [input.name]: { data: new Float32Array(192 * 192 * 3), dims } });`;

// Some runs are always in flight, so whatever happens, happens during one.
const RUN_FOR_EVER = `
  const loop = async () => { for (;;) { await run(); console.log('running'); } };
  const loops = Promise.allSettled([loop(), loop(), loop()]);`;

const cleanEnd = { killedBy: null, stderr: '' };

describe('a process with an engine', () => {
  it('ends by itself when the engine is idle, closed or not', async () => {
    expect(await runProgram(`${OPEN} await run();`)).toMatchObject({ exitCode: 0, ...cleanEnd });
    expect(await runProgram(`${OPEN} await run(); await engine.close();`)).toMatchObject({
      exitCode: 0,
      ...cleanEnd,
    });
  });

  it('stays until a run that nobody awaits has ended', async () => {
    const program = `${OPEN} run().then(() => console.log('done'));`;
    expect(await runProgram(program)).toMatchObject({ exitCode: 0, stdout: 'done\n', ...cleanEnd });
  });

  it('ends with its own exit code after close() in a SIGINT handler, ten times of ten', async () => {
    const program = `${OPEN}
      process.once('SIGINT', async () => { await engine.close(); process.exit(42); });
      ${RUN_FOR_EVER}`;
    for (let i = 0; i < 10; i++) {
      expect(await runProgram(program, 'running')).toMatchObject({ exitCode: 42, ...cleanEnd });
    }
  });

  it('ends without process.exit() after close() in a SIGINT handler', async () => {
    const program = `${OPEN}
      process.once('SIGINT', () => engine.close());
      ${RUN_FOR_EVER}
      await loops;`;
    expect(await runProgram(program, 'running')).toMatchObject({ exitCode: 0, ...cleanEnd });
  });

  it('survives process.exit() in the middle of a run, ten times of ten', async () => {
    const program = `${OPEN}
      process.once('SIGINT', () => process.exit(43));
      ${RUN_FOR_EVER}`;
    for (let i = 0; i < 10; i++) {
      expect(await runProgram(program, 'running')).toMatchObject({ exitCode: 43, ...cleanEnd });
    }
  });

  it('fails as any process when something is thrown in the middle of a run', async () => {
    const program = `${OPEN}
      process.once('SIGINT', () => { throw new Error('on purpose'); });
      ${RUN_FOR_EVER}`;
    const end = await runProgram(program, 'running');
    expect(end).toMatchObject({ exitCode: 1, killedBy: null });
    expect(end.stderr).toContain('on purpose');
  });

  it('lives on when a worker thread with an engine is terminated, five times of five', async () => {
    const inWorker = `import * as sdk from ${JSON.stringify(INDEX)};
      import { parentPort } from 'node:worker_threads';
      ${OPEN}
      for (;;) { await run(); parentPort.postMessage('ran'); }`;
    const program = `import { Worker } from 'node:worker_threads';
      const script = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(inWorker)}));
      const worker = new Worker(script);
      await new Promise((resolve) => worker.on('message', resolve));
      await worker.terminate();
      console.log('terminated');`;
    for (let i = 0; i < 5; i++) {
      expect(await runProgram(program)).toMatchObject({
        ...{ exitCode: 0, stdout: 'terminated\n', ...cleanEnd },
      });
    }
  });

  it('gives the same numbers from an engine in a process, and its memory back', async () => {
    const program = `for (const host of ['thread', 'process']) {
        process.env.VISUALPATH_ENGINE_HOST = host;
        const { ref, input, outputs } = sdk.FACE_LANDMARK_MESH;
        const engine = await sdk.InferenceEngine.open();
        const session = await engine.load(ref);
        const data = Float32Array.from({ length: 192 * 192 * 3 }, (_, i) => (i % 256) / 255);
        let back = 0;
        const answer = await session.run(
          { [input.name]: { data, dims: [1, 192, 192, 3] } },
          { recycle: (_, memory) => (back = memory.length) },
        );
        console.log(JSON.stringify([back, ...Object.values(answer).map((o) => Array.from(o.data))]));
        await engine.close();
      }`;
    const { exitCode, stdout, stderr } = await runProgram(program);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [fromThread, fromProcess] = stdout.trim().split('\n');
    expect(fromProcess).toBe(fromThread);
    expect(fromThread).toMatch(/^\[110592,/);
  });

  it('refuses a host that is none', async () => {
    const program = `process.env.VISUALPATH_ENGINE_HOST = 'cloud'; await sdk.InferenceEngine.open();`;
    const { exitCode, stderr } = await runProgram(program);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/VISUALPATH_ENGINE_HOST must be "thread" or "process", got "cloud"/);
  });
});
