import { VisualError, type Frame } from 'visualbase';
import type { AnyModule } from '../../core/module.ts';

/** Modules that have been in a run before: what they remember of it must not get into the next. */
const usedBefore = new WeakSet<AnyModule>();

/**
 * Starts modules in order and, whatever happened in between, cleans up every one that was started,
 * in reverse.
 */
export class Lifecycle {
  readonly #modules: readonly AnyModule[];
  readonly #started: AnyModule[] = [];

  constructor(modules: readonly AnyModule[]) {
    this.#modules = modules;
  }

  /** Initialises every module, and resets those that have been in a run before. @throws VisualError `VP_MODULE_START_FAILED` naming the first that fails. */
  async initialize(): Promise<void> {
    for (const module of this.#modules) {
      this.#started.push(module);
      await attempt(module, 'initialize', () => module.initialize());
      if (usedBefore.has(module)) await attempt(module, 'reset', () => module.reset());
      usedBefore.add(module);
    }
  }

  /** Warms every module up with the first frame. @throws VisualError `VP_MODULE_START_FAILED`. */
  async warmup(sampleFrame: Frame): Promise<void> {
    for (const module of this.#modules) {
      await attempt(module, 'warmup', () => module.warmup(sampleFrame));
    }
  }

  /** Makes every module forget what it has seen. @throws VisualError `VP_MODULE_START_FAILED`. */
  async reset(): Promise<void> {
    for (const module of this.#modules) {
      await attempt(module, 'reset', () => module.reset());
    }
  }

  /** Cleans up everything that was started; gives the errors instead of throwing them. */
  async cleanup(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    for (const module of this.#started.splice(0).reverse()) {
      try {
        await module.cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}

async function attempt(
  module: AnyModule,
  hook: 'initialize' | 'warmup' | 'reset',
  call: () => void | Promise<void>,
): Promise<void> {
  try {
    await call();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VisualError(
      'VP_MODULE_START_FAILED',
      `Module "${module.name}" failed in ${hook}(): ${message}`,
      { cause, details: { module: module.name, hook } },
    );
  }
}
