import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../src/convert/onnx-graph.ts';
import {
  EXECUTION_PROVIDERS,
  offeredProviders,
  providersFailed,
  type ExecutionProvider,
} from '../../src/engine/execution-provider.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { runProgram } from '../support/run-program.ts';

const offered = await offeredProviders();
const notOffered = EXECUTION_PROVIDERS.filter((provider) => !offered.includes(provider));

/** y = x + x */
function doubling(): Uint8Array {
  const graph = new OnnxGraph(['x', 'y']);
  graph.input('x', [1]);
  graph.node('Add', ['x', 'x'], {}, 'y');
  graph.output('y', [1]);
  return graph.finish('doubling');
}

/** What a provider of this platform can do on this machine: work, or fail with an error that helps. */
async function tryProvider(provider: ExecutionProvider): Promise<unknown> {
  await using engine = await InferenceEngine.open({ executionProviders: [provider] });
  try {
    const session = await engine.load(doubling());
    const { y } = await session.run({ x: { data: Float32Array.of(21), dims: [1] } });
    return [session.executionProvider, y!.data[0]];
  } catch (error) {
    return error;
  }
}

describe('execution providers', () => {
  it('are known by name where onnxruntime has them', () => {
    expect(offered).toContain('cpu');
  });

  it.each(offered)('%s computes, or says what to install', async (provider) => {
    const outcome = await tryProvider(provider);
    if (Array.isArray(outcome)) {
      expect(outcome).toEqual([provider, 42]);
    } else {
      expect(outcome).toMatchObject({
        code: 'VPX_PROVIDER_UNAVAILABLE',
        message: expect.stringMatching(
          new RegExp(`could not start ${provider}: .* It needs `),
        ) as string,
      });
    }
  });

  it.each(notOffered)('%s is refused before anything starts, with what there is', async (name) => {
    await expect(InferenceEngine.open({ executionProviders: [name] })).rejects.toMatchObject({
      code: 'VPX_PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`has no ${name}\\. It has: cpu`)) as string,
    });
  });

  it('falls back in order and tells what is used', async () => {
    await using engine = await InferenceEngine.open({ executionProviders: [...notOffered, 'cpu'] });
    const session = await engine.load(doubling());
    expect(session.executionProvider).toBe('cpu');
    const { y } = await session.run({ x: { data: Float32Array.of(21), dims: [1] } });
    expect(y!.data).toEqual(Float32Array.of(42));
  });

  it('falls back from one that does not start', async () => {
    const broken = await brokenProviders();
    await using engine = await InferenceEngine.open({ executionProviders: [...broken, 'cpu'] });
    expect((await engine.load(doubling())).executionProvider).toBe('cpu');
  });

  it('blames the model, not the provider, where the provider works', async () => {
    const broken = await brokenProviders();
    await using engine = await InferenceEngine.open({ executionProviders: [...broken, 'cpu'] });
    await expect(engine.load(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: 'VPX_MODEL_INVALID',
      message: expect.stringMatching(/with cpu/) as string,
    });
  });

  it('names all that failed, each with what it needs', () => {
    const error = providersFailed([
      { provider: 'cuda', cause: new Error('Failed to load\n shared library') },
      { provider: 'webgpu', cause: 'no adapter' },
    ]);
    expect(error.message).toMatch(/cuda: Failed to load shared library\. .*CUDA 12 and cuDNN 9/);
    expect(error.message).toMatch(/webgpu: no adapter\. .*Vulkan/);
    expect(error.message).toMatch(/name "cpu" last/);
  });

  it('come from VISUALPATH_EXECUTION_PROVIDERS where the option is not given', async () => {
    const program = (providers: string) => `
      process.env.VISUALPATH_EXECUTION_PROVIDERS = '${providers}';
      const engine = await sdk.InferenceEngine.open();
      const session = await engine.load(sdk.FACE_DETECTION_SHORT_RANGE.ref);
      console.log(session.executionProvider);`;
    const list = [...notOffered, 'cpu'].join(',');
    expect(await runProgram(program(list))).toMatchObject({ exitCode: 0, stdout: 'cpu\n' });
    const wrong = await runProgram(program('abacus'));
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/VISUALPATH_EXECUTION_PROVIDERS must name .*got "abacus"/);
  });
});

/** Those that this platform offers and this machine cannot start. */
async function brokenProviders(): Promise<readonly ExecutionProvider[]> {
  const broken: ExecutionProvider[] = [];
  for (const provider of offered) {
    if (!Array.isArray(await tryProvider(provider))) broken.push(provider);
  }
  return broken;
}
