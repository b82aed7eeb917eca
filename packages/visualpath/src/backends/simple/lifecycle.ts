import { VisualError, type Frame } from 'visualbase';
import { toPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { AnyModule } from '../../core/module.ts';
import { abandonOnAbort } from './abandon-on-abort.ts';
import { Stragglers } from './stragglers.ts';

/** Modules that have been in a run before: what they remember of it must not get into the next. */
const usedBefore = new WeakSet<AnyModule>();

/**
 * Starts modules in order and, whatever happened in between, cleans up every one that was started,
 * in reverse. After an abort nothing more is started, and each call is waited for only so long.
 */
export class Lifecycle {
  readonly #modules: readonly AnyModule[];
  readonly #abortGraceMs: number;
  readonly #started: AnyModule[] = [];

  /** @param abortGraceMs - How long a call may go on after an abort, and calls of modules after their time. */
  constructor(modules: readonly AnyModule[], abortGraceMs: number) {
    this.#modules = modules;
    this.#abortGraceMs = abortGraceMs;
  }

  /**
   * Initialises every module, and resets those that have been in a run before.
   *
   * @throws VisualError `VP_MODULE_START_FAILED` naming the first that fails; the signal's reason.
   */
  async initialize(signal?: AbortSignal): Promise<void> {
    for (const module of this.#modules) {
      signal?.throwIfAborted();
      this.#started.push(module);
      await this.#attempt(module, 'initialize', () => module.initialize(), signal);
      if (usedBefore.has(module)) {
        await this.#endStragglers([module]);
        await this.#attempt(module, 'reset', () => module.reset(), signal);
      }
      usedBefore.add(module);
    }
  }

  /** Warms every module up with the first frame. @throws As `initialize`. */
  async warmup(sampleFrame: Frame, signal?: AbortSignal): Promise<void> {
    for (const module of this.#modules) {
      await this.#attempt(module, 'warmup', () => module.warmup(sampleFrame), signal);
    }
  }

  /** Makes every module forget what it has seen. @throws As `initialize`. */
  async reset(signal?: AbortSignal): Promise<void> {
    await this.#endStragglers(this.#modules);
    for (const module of this.#modules) {
      await this.#attempt(module, 'reset', () => module.reset(), signal);
    }
  }

  /** Cleans up everything that was started; gives the errors instead of throwing them. */
  async cleanup(signal?: AbortSignal): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    const started = this.#started.splice(0).reverse();
    await this.#endStragglers(started);
    for (const module of started) {
      try {
        await this.#bounded(module.cleanup(), signal);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  /** Calls that go on after their time must not meet a module that forgets or is gone. */
  async #endStragglers(modules: readonly AnyModule[]): Promise<void> {
    await Promise.all(modules.map((module) => Stragglers.of(module).end(this.#abortGraceMs)));
  }

  async #attempt(
    module: AnyModule,
    hook: 'initialize' | 'warmup' | 'reset',
    call: () => MaybePromise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    try {
      await this.#bounded(call(), signal);
    } catch (cause) {
      // A module that fails because of the abort is not the cause.
      signal?.throwIfAborted();
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new VisualError(
        'VP_MODULE_START_FAILED',
        `Module "${module.name}" failed in ${hook}(): ${message}`,
        { cause, details: { module: module.name, hook } },
      );
    }
  }

  #bounded(pending: MaybePromise<void>, signal: AbortSignal | undefined): MaybePromise<void> {
    if (pending === undefined) return undefined;
    return abandonOnAbort(toPromise(pending), signal, this.#abortGraceMs);
  }
}
