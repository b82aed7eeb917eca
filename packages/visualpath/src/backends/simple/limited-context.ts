import { setMaxListeners } from 'node:events';
import type { ProcessContext } from '../../core/module.ts';

/**
 * What a call under a limit of time gets: its signal aborts when the time is over, or with the run's.
 * It is made when somebody asks for it; `AbortSignal.any` for every call costs more than the call, and
 * what it makes lives as long as the run.
 */
export class LimitedContext {
  /** What the module gets. The signal is a property of its own, so that copies of the object have it. */
  readonly context: ProcessContext;
  readonly #outer: AbortSignal;
  #controller: AbortController | undefined;
  #endReason: { readonly reason: unknown } | undefined;

  constructor(outer: ProcessContext) {
    this.#outer = outer.signal;
    const getSignal = (): AbortSignal => this.#signal();
    this.context = {
      get signal() {
        return getSignal();
      },
    };
  }

  #signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    this.#controller = controller;
    if (this.#endReason !== undefined) controller.abort(this.#endReason.reason);
    else if (this.#outer.aborted) controller.abort(this.#outer.reason);
    else this.#outer.addEventListener('abort', this.#onOuterAbort, { once: true });
    return controller.signal;
  }

  /** The time is over. */
  abort(reason: unknown): void {
    this.#endReason = { reason };
    this.#controller?.abort(reason);
  }

  /** The call is over: the run's signal is left alone. */
  close(): void {
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => {
    this.#controller?.abort(this.#outer.reason);
  };
}
