import type { AnyModule } from '../../core/module.ts';
import { MAX_TIMER_MS } from '../../core/max-timer-ms.ts';

const byModule = new WeakMap<AnyModule, Stragglers>();

/**
 * Calls of one module that go on though their time is over and nobody waits for what they give. They are
 * only counted: one that hangs for ever must not keep its frames from being collected.
 */
export class Stragglers {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Those of a module, in whichever run it was called. */
  static of(module: AnyModule): Stragglers {
    let stragglers = byModule.get(module);
    if (stragglers === undefined) {
      stragglers = new Stragglers();
      byModule.set(module, stragglers);
    }
    return stragglers;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** A call goes on after its time. */
  add(): void {
    this.#count += 1;
  }

  /** Such a call has ended. */
  remove(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Waits until all have ended, but no longer than this and not beyond an abort.
   *
   * @returns Whether all have ended.
   */
  async end(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isEmpty || signal?.aborted === true) return this.isEmpty;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = withinMs > MAX_TIMER_MS ? undefined : setTimeout(wake, withinMs);
      signal?.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
    return this.isEmpty;
  }
}
