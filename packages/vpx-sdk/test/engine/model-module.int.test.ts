import { afterEach, describe, expect, it } from 'vitest';
import type { InferenceEngine } from '../../src/engine/inference-engine.ts';
import type { InferenceSession } from '../../src/engine/inference-session.ts';
import { ModelModule } from '../../src/engine/model-module.ts';
import { sharedLoads } from '../../src/engine/shared-cores.ts';
import { FACE_LANDMARK_MESH } from '../../src/model/catalogue.ts';

class Inputs extends ModelModule<InferenceSession> {
  readonly name = 'test.inputs';
  protected override load(engine: InferenceEngine): Promise<InferenceSession> {
    return engine.load(FACE_LANDMARK_MESH.ref);
  }
  process() {
    return { signals: { input_count: this.models.inputs.length } };
  }
  get isLoaded(): boolean {
    return this.loadedModels !== undefined;
  }
}

class Unloadable extends Inputs {
  protected override load(): Promise<InferenceSession> {
    return Promise.reject(new Error('no such model'));
  }
}

describe('a module with models', () => {
  const modules: ModelModule<unknown>[] = [];
  const make = <M extends ModelModule<unknown>>(module: M): M => {
    modules.push(module);
    return module;
  };
  afterEach(async () => {
    await Promise.all(modules.splice(0).map((module) => module.cleanup()));
  });

  it('has its models from initialize to cleanup, and again after another', async () => {
    const module = make(new Inputs());
    expect(module.isLoaded).toBe(false);
    for (let round = 0; round < 2; round++) {
      await module.initialize();
      expect(module.process()).toEqual({ signals: { input_count: 1 } });
      await module.cleanup();
      expect(module.isLoaded).toBe(false);
    }
    expect(sharedLoads()).toEqual([]);
  });

  it('says that it wants to be initialized', () => {
    expect(() => make(new Inputs()).process()).toThrow(
      expect.objectContaining({
        code: 'VPX_NOT_INITIALIZED',
        message: 'test.inputs: call initialize() before process().',
      }),
    );
  });

  it('gives its share of the engine back when it cannot load', async () => {
    const module = make(new Unloadable());
    await expect(module.initialize()).rejects.toThrow('no such model');
    expect(module.isLoaded).toBe(false);
    expect(sharedLoads()).toEqual([]);
  });

  it('has as many lanes as its options say', async () => {
    await make(new Inputs({ laneCount: 1 })).initialize();
    expect(sharedLoads()).toEqual([{ threadCount: 1, holderCount: 1 }]);
  });

  it('cleans up more than once, and without having been initialized', async () => {
    const module = make(new Inputs());
    await module.cleanup();
    await module.initialize();
    await module.cleanup();
    await module.cleanup();
    expect(sharedLoads()).toEqual([]);
  });
});
