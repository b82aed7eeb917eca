import type { Frame } from 'visualbase';
import { isPromise, type MaybePromise } from '../../../core/maybe-promise.ts';
import type { Frames } from '../../execution-backend.ts';
import type { FrameInput } from './frame-input.ts';

/** Reads synchronous and asynchronous sources alike, without an `await` for the synchronous ones. */
export class FrameReader implements FrameInput {
  /** Whether frames come when they come, not when they are asked for. */
  readonly isAsynchronous: boolean;
  readonly #iterator: Iterator<Frame> | AsyncIterator<Frame>;
  readonly #signal: AbortSignal | undefined;
  #isDone = false;
  #isWaiting = false;

  constructor(frames: Frames, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.isAsynchronous = Symbol.asyncIterator in frames;
    this.#iterator =
      Symbol.asyncIterator in frames ? frames[Symbol.asyncIterator]() : frames[Symbol.iterator]();
  }

  /**
   * The next frame, or undefined at the end. The frame before goes back to the source. Rejects with
   * the signal's reason also while the source does not answer.
   */
  next(): MaybePromise<Frame | undefined> {
    const result = this.#iterator.next();
    if (isPromise(result)) return this.#awaitNext(result);
    return this.#take(result);
  }

  /** Closes the source if it has not ended by itself. */
  async close(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    const closed = this.#iterator.return?.();
    // A generator answers return() only after the read it is stuck in: do not wait for that.
    if (this.#isWaiting) Promise.resolve(closed).catch(() => undefined);
    else await closed;
  }

  async #awaitNext(pending: Promise<IteratorResult<Frame>>): Promise<Frame | undefined> {
    this.#isWaiting = true;
    try {
      const result = await this.#orAbort(pending);
      this.#isWaiting = false;
      return this.#take(result);
    } catch (error) {
      // A source that has thrown is over: there is nothing left to close.
      if (this.#signal?.aborted !== true) this.#isDone = true;
      throw error;
    }
  }

  /** Promise.race would leave a handler on the signal's promise for every frame. */
  #orAbort<T>(pending: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return pending;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      pending
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', onAbort))
        .catch(() => undefined);
    });
  }

  #take(result: IteratorResult<Frame>): Frame | undefined {
    if (result.done !== true) return result.value;
    this.#isDone = true;
    return undefined;
  }
}
