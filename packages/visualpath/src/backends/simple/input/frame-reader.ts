import type { Frame } from 'visualbase';
import { isPromise, toPromise, type MaybePromise } from '../../../core/maybe-promise.ts';
import { typeName } from '../../../plugin/printable.ts';
import type { Frames } from '../../execution-backend.ts';
import type { FrameInput } from './frame-input.ts';

/** Reads synchronous and asynchronous sources alike, without an `await` for the synchronous ones. */
export class FrameReader implements FrameInput {
  /** Whether frames come when they come, not when they are asked for. */
  readonly isAsynchronous: boolean;
  readonly #iterator: Iterator<Frame> | AsyncIterator<Frame>;
  readonly #signal: AbortSignal | undefined;
  #isDone = false;
  #readCount = 0;
  /** Ends the read that is under way, if there is one. */
  #endRead: (() => void) | undefined;

  constructor(frames: Frames, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.isAsynchronous = Symbol.asyncIterator in frames;
    this.#iterator =
      Symbol.asyncIterator in frames ? frames[Symbol.asyncIterator]() : frames[Symbol.iterator]();
  }

  /** Frames that the source has given. */
  get readCount(): number {
    return this.#readCount;
  }

  /**
   * The next frame, or undefined at the end. The frame before goes back to the source. Rejects with
   * the signal's reason also while the source does not answer.
   */
  next(): MaybePromise<Frame | undefined> {
    const result = this.#iterator.next();
    if (isPromise(result)) return this.#awaitNext(toPromise(result));
    return this.#take(result);
  }

  /** Closes the source if it has not ended by itself. A read that is under way gives undefined. */
  async close(): Promise<void> {
    const endRead = this.#endRead;
    this.#endRead = undefined;
    endRead?.();
    if (this.#isDone) return;
    this.#isDone = true;
    const closed = this.#iterator.return?.();
    // A generator answers return() only after the read it is stuck in: do not wait for that.
    if (endRead !== undefined) Promise.resolve(closed).catch(() => undefined);
    else await closed;
  }

  async #awaitNext(pending: Promise<IteratorResult<Frame>>): Promise<Frame | undefined> {
    let result: IteratorResult<Frame> | undefined;
    try {
      result = await this.#orEnd(pending);
    } catch (error) {
      // A source that has thrown is over: there is nothing left to close.
      if (this.#signal?.aborted !== true) this.#isDone = true;
      throw error;
    }
    return result === undefined ? undefined : this.#take(result);
  }

  /** Waits for a read, an abort or the end. Promise.race would leave a handler on the signal for every frame. */
  #orEnd<T>(pending: Promise<T>): Promise<T | undefined> {
    const signal = this.#signal;
    return new Promise<T | undefined>((resolve, reject) => {
      const onAbort = (): void => reject(signal!.reason as Error);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#endRead = () => resolve(undefined);
      pending
        .finally(() => {
          this.#endRead = undefined;
          signal?.removeEventListener('abort', onAbort);
        })
        .then(resolve, reject);
    });
  }

  #take(result: IteratorResult<Frame>): Frame | undefined {
    if (result.done !== true) {
      const frame: unknown = result.value;
      if (!isFrame(frame)) {
        throw new TypeError(
          `A source must yield frames, got ${typeName(frame)} after ${this.#readCount} frames. Return to end it, or leave out what is no frame.`,
        );
      }
      this.#readCount += 1;
      return frame;
    }
    this.#isDone = true;
    return undefined;
  }
}

const isFrame = (value: unknown): value is Frame =>
  typeof (value as Partial<Frame> | null | undefined)?.tSrcNs === 'number';
