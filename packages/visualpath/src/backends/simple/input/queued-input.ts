import type { Frame } from 'visualbase';
import type { MaybePromise } from '../../../core/maybe-promise.ts';
import { showValue } from '../../../plugin/printable.ts';
import type { Overflow, QueueOptions } from '../../execution-backend.ts';
import type { FrameHolds } from './frame-holds.ts';
import type { FrameInput } from './frame-input.ts';

const DEFAULT_CAPACITY = 8;

const OVERFLOWS: readonly string[] = ['wait', 'dropOldest', 'dropNewest', 'latest'];

/** Checks the options of a queue. @throws RangeError naming the one that is wrong. */
export function checkQueue({ overflow, capacity = DEFAULT_CAPACITY }: QueueOptions): void {
  if (!OVERFLOWS.includes(overflow)) {
    throw new RangeError(
      `The \`overflow\` of a queue must be one of ${OVERFLOWS.join(', ')}, got ${showValue(overflow)}.`,
    );
  }
  if (!(Number.isSafeInteger(capacity) && capacity >= 1)) {
    throw new RangeError(
      `The \`capacity\` of a queue must be a whole number from 1, got ${showValue(capacity)}.`,
    );
  }
}

/**
 * A bounded queue behind an input, which is read as fast as it gives. When the queue is full the
 * overflow policy says whether the input waits or which frame goes; those are counted.
 */
export class QueuedInput implements FrameInput {
  readonly #input: FrameInput;
  readonly #overflow: Overflow;
  readonly #capacity: number;
  readonly #holds: FrameHolds;
  readonly #onDrop: ((reason: Overflow) => void) | undefined;
  readonly #queue: Frame[] = [];
  #droppedCount = 0;
  #lent: Frame | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isEnded = false;
  #isClosed = false;
  #isStarted = false;
  #wakeReader: (() => void) | undefined;
  #wakePump: (() => void) | undefined;

  /** @param options - {@link checkQueue | Checked} by whoever makes it. */
  constructor(
    input: FrameInput,
    { overflow, capacity }: QueueOptions,
    holds: FrameHolds,
    onDrop?: (reason: Overflow) => void,
  ) {
    this.#onDrop = onDrop;
    this.#input = input;
    this.#overflow = overflow;
    this.#capacity = overflow === 'latest' ? 1 : (capacity ?? DEFAULT_CAPACITY);
    this.#holds = holds;
  }

  /** Frames dropped so far. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  next(): MaybePromise<Frame | undefined> {
    this.#giveBack();
    if (!this.#isStarted) {
      this.#isStarted = true;
      void this.#pump();
    }
    return this.#take() ?? this.#waitForFrame();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wakePump?.();
    this.#wakeReader?.();
    this.#giveBack();
    for (const frame of this.#queue.splice(0)) this.#holds.release(frame);
    await this.#input.close();
  }

  #giveBack(): void {
    if (this.#lent !== undefined) this.#holds.release(this.#lent);
    this.#lent = undefined;
  }

  #take(): Frame | undefined {
    const frame = this.#queue.shift();
    if (frame === undefined) return undefined;
    this.#lent = frame;
    this.#wakePump?.();
    return frame;
  }

  async #waitForFrame(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#take();
      if (frame !== undefined) return frame;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#isEnded || this.#isClosed) return undefined;
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }

  async #pump(): Promise<void> {
    try {
      while (!this.#hasClosed()) {
        const frame = await this.#input.next();
        if (frame === undefined || this.#hasClosed()) break;
        this.#holds.hold(frame);
        if (!this.#makeRoom()) {
          this.#drop(frame);
          continue;
        }
        this.#queue.push(frame);
        this.#wakeReader?.();
        while (this.#mustWait()) {
          await new Promise<void>((resolve) => (this.#wakePump = resolve));
        }
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#isEnded = true;
    this.#wakeReader?.();
  }

  /** Asked anew each time: it changes while the pump waits. */
  #hasClosed(): boolean {
    return this.#isClosed;
  }

  #mustWait(): boolean {
    const isFull = this.#queue.length >= this.#capacity;
    return this.#overflow === 'wait' && isFull && !this.#isClosed;
  }

  /** False if the new frame is the one to go. */
  #makeRoom(): boolean {
    if (this.#queue.length < this.#capacity) return true;
    if (this.#overflow === 'dropNewest') return false;
    this.#drop(this.#queue.shift()!);
    return true;
  }

  #drop(frame: Frame): void {
    this.#droppedCount += 1;
    this.#holds.release(frame);
    this.#onDrop?.(this.#overflow);
  }
}
