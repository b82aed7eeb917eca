import { VisualError } from '../errors/visual-error.ts';
import type { Frame } from '../frame/frame.ts';
import type { OverflowPolicy } from '../live/overflow.ts';
import type { FrameSource } from './frame-source.ts';

/** Options of {@link PushSource}. */
export interface PushSourceOptions {
  /** Frames that may wait for their reader. Default 8. */
  readonly capacity?: number;
  /**
   * What happens to a frame for which there is no room: `wait` has `push` wait, `dropOldest` gives up the
   * frame that waits longest, `latest` keeps only the newest. Default `wait`.
   */
  readonly overflow?: OverflowPolicy;
}

/**
 * Frames that the program itself brings: from a canvas, a game, a device with its own SDK, a network of
 * one's own.
 *
 * @example
 * ```ts
 * const source = new PushSource({ overflow: 'latest' });
 * await source.push(Frame.fromRgb({ frameId: 0, tSrcNs: 0, width, height, data }));
 * source.end();
 * ```
 */
export class PushSource implements FrameSource {
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  #waiting: Frame[] = [];
  #last: Frame | undefined;
  #lastFrameId = -1;
  #lastNs = -1;
  #droppedCount = 0;
  #isEnded = false;
  #isIterated = false;
  #failure: Error | undefined;
  #onFrame: (() => void) | undefined;
  #onRoom: (() => void)[] = [];

  /** @throws RangeError for a wrong option. */
  constructor({ capacity = 8, overflow = 'wait' }: PushSourceOptions = {}) {
    if (!(Number.isSafeInteger(capacity) && capacity > 0)) {
      throw new RangeError(
        `The \`capacity\` option must be a whole number of at least 1, got ${String(capacity)}.`,
      );
    }
    if (!['wait', 'dropOldest', 'latest'].includes(overflow)) {
      throw new RangeError(
        `The \`overflow\` option must be wait, dropOldest or latest, got ${JSON.stringify(overflow)}.`,
      );
    }
    this.#capacity = overflow === 'latest' ? 1 : capacity;
    this.#overflow = overflow;
  }

  /** Frames given up because their reader was behind. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Size of the frames; undefined before the first. */
  get size(): { readonly width: number; readonly height: number } | undefined {
    return this.#last && { width: this.#last.width, height: this.#last.height };
  }

  /**
   * Hands a frame over: its pixels belong to the source until `onRelease` is called. Times and ids must
   * increase.
   *
   * @returns When there is room for another. Wait for it with the policy `wait`, or memory fills up.
   * @throws RangeError for a frame that is not after the last; VisualError `VB_CLOSED` after the end.
   */
  async push(frame: Frame): Promise<void> {
    if (this.#isEnded) {
      throw new VisualError('VB_CLOSED', 'A frame was pushed after the source had ended.');
    }
    const { frameId, tSrcNs } = frame;
    if (tSrcNs <= this.#lastNs || frameId <= this.#lastFrameId) {
      throw new RangeError(
        `Frames must be pushed in order: after frame ${this.#lastFrameId} at ${this.#lastNs} ns came frame ${frameId} at ${tSrcNs} ns.`,
      );
    }
    this.#lastFrameId = frameId;
    this.#lastNs = tSrcNs;
    this.#last = frame;
    this.#waiting.push(frame);
    if (this.#overflow !== 'wait') this.#dropOver();
    this.#onFrame?.();
    if (this.#waiting.length >= this.#capacity && this.#overflow === 'wait') {
      await new Promise<void>((resolve) => this.#onRoom.push(resolve));
    }
  }

  /** Says that no more frames come. With an error: why; the reader gets it after the frames that wait. */
  end(error?: Error): void {
    this.#isEnded = true;
    this.#failure ??= error;
    this.#onFrame?.();
  }

  /** The frames, once. @throws VisualError `VB_CLOSED` the second time; what `end` was given. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    if (this.#isIterated) {
      throw new VisualError('VB_CLOSED', 'The pushed frames have been read already.');
    }
    this.#isIterated = true;
    try {
      for (;;) {
        const frame = this.#waiting.shift();
        if (frame === undefined) {
          if (this.#isEnded) break;
          await new Promise<void>((resolve) => (this.#onFrame = resolve));
          continue;
        }
        for (const resolve of this.#onRoom.splice(0)) resolve();
        try {
          yield frame;
        } finally {
          frame.release();
        }
      }
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      await this.close();
    }
  }

  /** Ends the source and gives the frames back that nobody has read. */
  async close(): Promise<void> {
    this.#isEnded = true;
    for (const frame of this.#waiting.splice(0)) frame.release();
    for (const resolve of this.#onRoom.splice(0)) resolve();
    this.#onFrame?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #dropOver(): void {
    while (this.#waiting.length > this.#capacity) {
      this.#waiting.shift()!.release();
      this.#droppedCount += 1;
    }
  }
}
