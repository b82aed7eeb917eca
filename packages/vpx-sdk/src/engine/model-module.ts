import { VisualError } from 'visualbase';
import { Module } from 'visualpath';
import type { EngineOptions } from './engine-options.ts';
import { InferenceEngine } from './inference-engine.ts';

/**
 * A module with models: `initialize` takes a share of the engine and loads them, `cleanup` gives the
 * share back, which releases them.
 *
 * @typeParam Models - What {@link ModelModule.load} makes of the engine: one model, or whatever uses several.
 * @typeParam Data - As of `Module`.
 * @example
 * ```ts
 * class PalmCounter extends ModelModule<SsdDetector> {
 *   readonly name = 'palm.count';
 *   protected load(engine: InferenceEngine) {
 *     return SsdDetector.load(engine, PALM_DETECTION);
 *   }
 *   async process(frame: Frame, _deps: unknown, { signal }: ProcessContext) {
 *     const [palms] = await this.models.detect([frame], signal);
 *     return { signals: { palm_count: palms?.length ?? 0 } };
 *   }
 * }
 * ```
 */
export abstract class ModelModule<Models, Data = unknown> extends Module<Data> {
  readonly #engineOptions: EngineOptions | undefined;
  #engine: InferenceEngine | undefined;
  #models: Models | undefined;

  /** @param engineOptions - Of the engine; modules that give the same share one. */
  constructor(engineOptions?: EngineOptions) {
    super();
    this.#engineOptions = engineOptions;
  }

  /** Loads the models into the engine, which releases them when it closes. */
  protected abstract load(engine: InferenceEngine): Promise<Models>;

  /** What was loaded; undefined before `initialize` and after `cleanup`. */
  protected get loadedModels(): Models | undefined {
    return this.#models;
  }

  /** As {@link ModelModule.loadedModels}. @throws `VPX_NOT_INITIALIZED` before `initialize` and after `cleanup`. */
  protected get models(): Models {
    if (this.#models !== undefined) return this.#models;
    throw new VisualError(
      'VPX_NOT_INITIALIZED',
      `${this.name}: call initialize() before process().`,
    );
  }

  /** @throws What loading throws; the share of the engine is given back then. */
  override async initialize(): Promise<void> {
    const engine = await InferenceEngine.shared(this.#engineOptions);
    try {
      this.#models = await this.load(engine);
      this.#engine = engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  override async cleanup(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#models = undefined;
    await engine?.close();
  }
}
