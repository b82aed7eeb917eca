import { describe, expect, it, vi } from 'vitest';
import { syntheticFrames } from 'visualpath-testkit';
import {
  analyzer,
  defineModule,
  DummyAnalyzer,
  FlowGraphBuilder,
  fusion,
  PluginRegistry,
  run,
  SimpleBackend,
  trigger,
  type AnyModule,
  type ExecuteOptions,
  type ExecutionBackend,
} from '../../src/index.ts';

const index = analyzer('test.index', ({ frameId }) => ({ value: frameId }));

const frames = (count = 3) => syntheticFrames({ count });

/** A backend that keeps what it is asked for and lets SimpleBackend do it. */
class Asked extends SimpleBackend implements ExecutionBackend {
  override readonly name = 'worker' as never;
  static readonly options: unknown[] = [];
  static readonly executed: ExecuteOptions[] = [];
  constructor(options: object) {
    super();
    Asked.options.push(options);
  }
  override execute(...[source, graph, options = {}]: Parameters<SimpleBackend['execute']>) {
    Asked.executed.push(options);
    return super.execute(source, graph, { ...options, isolation: undefined });
  }
}

const gpuUser = (name: string): AnyModule =>
  defineModule({
    name,
    capabilities: { flags: ['GPU'], resourceGroup: 'gpu-0' },
    process: () => undefined,
  });

describe('run', () => {
  it('makes modules of names', async () => {
    const registry = new PluginRegistry();
    registry.register('my.dummy', () => new DummyAnalyzer({ name: 'my.dummy' }));
    const { stats } = await run(frames(), { modules: ['my.dummy'], registry });
    expect(stats.modules['my.dummy']?.callCount).toBe(3);
  });

  it('gives options to modules by name', async () => {
    const registry = new PluginRegistry();
    registry.register('my.dummy', DummyAnalyzer);
    const options = { name: 'my.dummy', depends: ['my.other'] };
    const modules = [{ name: 'my.dummy', options }, new DummyAnalyzer({ name: 'my.other' })];
    const { stats } = await run(frames(), { modules, registry });
    expect(Object.keys(stats.modules)).toEqual(['my.other', 'my.dummy']);
  });

  it('starts every run anew, also with modules that were in one before', async () => {
    const rare = fusion({ sources: [index], cooldownSec: 100 }, () => trigger('rare'));
    for (let i = 0; i < 2; i++) {
      const { triggers } = await run(frames(3), { modules: [rare] });
      expect(triggers).toHaveLength(1);
    }
  });

  it('says that frames cannot be sampled any more, rather than ignore it', async () => {
    await expect(run(frames(), { modules: [], fps: 5 })).rejects.toThrow(
      'The `fps` option is for videos that are opened by path',
    );
  });

  it('says what is installed when a name is unknown', async () => {
    await expect(run(frames(), { modules: ['face.detekt'] })).rejects.toMatchObject({
      code: 'VP_PLUGIN_NOT_FOUND',
      message: expect.stringContaining('face.detect') as string,
    });
  });

  it('runs a graph as well as modules, but not both or none', async () => {
    const graph = new FlowGraphBuilder().source().sample('thin', { every: 2 }).build();
    const { stats } = await run(frames(5), { graph });
    expect(stats.nodes['thin']).toMatchObject({ inCount: 5, outCount: 3, filteredCount: 2 });
    await expect(run(frames(), { graph, modules: [] } as never)).rejects.toThrow(TypeError);
    await expect(run(frames(), {} as never)).rejects.toThrow('Give either `modules` or `graph`.');
  });

  it('refuses options of the backend beside one that is made already', async () => {
    const backend = new SimpleBackend();
    await expect(run(frames(), { modules: [], backend, batchSize: 4 })).rejects.toThrow(
      'new SimpleBackend({ batchSize: 4 })',
    );
  });

  it('refuses a profile and a batch size that there are not', async () => {
    await expect(run(frames(), { modules: [], profile: 'huge' as never })).rejects.toThrow(
      'must be one of lite, platform, got "huge"',
    );
    await expect(run(frames(), { modules: [], batchSize: 0 })).rejects.toThrow('`batchSize`');
  });

  it('gives a batch size to the backend', async () => {
    const sizes: number[] = [];
    const batching = defineModule({
      name: 'batching',
      capabilities: { flags: ['BATCHING'] },
      process: () => undefined,
      processBatch: (all) => {
        sizes.push(all.length);
        return all.map(() => undefined);
      },
    });
    await run(frames(5), { modules: [batching], batchSize: 2 });
    expect(sizes).toEqual([2, 2, 1]);
  });
});

describe('isolation', () => {
  it('of one node is enough for the worker backend', async () => {
    const registry = new PluginRegistry();
    registry.registerBackend('worker', Asked);
    const before = Asked.executed.length;
    const isolation = { defaultLevel: 'process' } as const;
    const graph = new FlowGraphBuilder()
      .source()
      .module('apart', { modules: [new DummyAnalyzer()], isolation })
      .build();
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await run(frames(), { graph, registry });
    warned.mockRestore();
    expect(Asked.executed).toHaveLength(before + 1);
  });

  it('of conflicts is worked out by the platform profile and handed to the worker backend', async () => {
    const registry = new PluginRegistry();
    registry.registerBackend('worker', Asked);
    const modules = [gpuUser('a'), gpuUser('b')];
    await run(frames(), { modules, profile: 'platform', registry });
    expect(Asked.executed.at(-1)?.isolation).toEqual({ overrides: { b: 'process' } });
    expect(Asked.options.at(-1)).toEqual({ maxInFlight: 4 });
  });

  it('is warned of, in the result too, where no backend can do it', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const modules = [gpuUser('a'), gpuUser('b')];
    const { stats } = await run(frames(), { modules, profile: 'platform' });
    expect(stats.warnings).toEqual([expect.stringContaining('b (process)')]);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('is left alone by the lite profile', async () => {
    const { stats } = await run(frames(), { modules: [gpuUser('a'), gpuUser('b')] });
    expect(stats.warnings).toEqual([]);
  });
});
