import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/run-program.ts';

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
});
