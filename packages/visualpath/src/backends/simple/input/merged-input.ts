import type { Frame } from 'visualbase';
import { isPromise, type MaybePromise } from '../../../core/maybe-promise.ts';
import type { FrameInput } from './frame-input.ts';

interface Lane {
  readonly input: FrameInput;
  head: Frame | undefined;
  isEnded: boolean;
}

/**
 * Merges several inputs by time; of frames with the same time that of the input named first comes
 * first. It waits until every input has a frame or has ended, so that the order does not depend on who
 * is quicker.
 */
export class MergedInput implements FrameInput {
  readonly #lanes: readonly Lane[];
  #lastLane = 0;

  constructor(inputs: readonly FrameInput[]) {
    this.#lanes = inputs.map((input) => ({ input, head: undefined, isEnded: false }));
  }

  /** Index of the input that gave the last frame. */
  get lastLane(): number {
    return this.#lastLane;
  }

  next(): MaybePromise<Frame | undefined> {
    const missing = this.#lanes.filter((lane) => lane.head === undefined && !lane.isEnded);
    const pending: Promise<void>[] = [];
    for (const lane of missing) {
      try {
        const filled = fill(lane);
        if (filled !== undefined) pending.push(filled);
      } catch (error) {
        if (pending.length === 0) throw error;
        // Reads that are under way may fail too: somebody must be waiting for them then.
        pending.push(Promise.reject<void>(error));
        break;
      }
    }
    return pending.length === 0 ? this.#take() : Promise.all(pending).then(() => this.#take());
  }

  async close(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#lanes.map(({ input }) => input.close()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #take(): Frame | undefined {
    let first: Lane | undefined;
    for (const [i, lane] of this.#lanes.entries()) {
      if (lane.head === undefined) continue;
      if (first !== undefined && lane.head.tSrcNs >= first.head!.tSrcNs) continue;
      first = lane;
      this.#lastLane = i;
    }
    const frame = first?.head;
    if (first !== undefined) first.head = undefined;
    return frame;
  }
}

function fill(lane: Lane): Promise<void> | undefined {
  const take = (frame: Frame | undefined): void => {
    lane.head = frame;
    lane.isEnded = frame === undefined;
  };
  const next = lane.input.next();
  if (isPromise(next)) return next.then(take);
  take(next);
  return undefined;
}
