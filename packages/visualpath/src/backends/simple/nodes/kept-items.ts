import type { FlowData } from '../../../core/flow-data.ts';
import type { Turn } from '../turn.ts';
import type { RunnerContext } from './node-runner.ts';

/** Items that wait to leave as one, in order of time. Of their frames only the newest keeps its pixels. */
export class KeptItems {
  readonly #context: RunnerContext;
  readonly #items: FlowData[] = [];

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  /** In order of time; those of the same time as they came. */
  get all(): readonly FlowData[] {
    return this.#items;
  }

  /** Adds an item. */
  add(data: FlowData, turn: Turn): void {
    const before = this.#items.at(-1);
    this.#insert(data);
    const { keepFrames, pins } = this.#context;
    if (!keepFrames || this.#items.at(-1) !== data) return;
    pins.pin(data.frame);
    if (before !== undefined) pins.unpin(before.frame, turn);
  }

  #insert(data: FlowData): void {
    const items = this.#items;
    let low = 0;
    let high = items.length;
    if (high === 0 || items[high - 1]!.tNs <= data.tNs) {
      items.push(data);
      return;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (items[middle]!.tNs <= data.tNs) low = middle + 1;
      else high = middle;
    }
    items.splice(low, 0, data);
  }

  /** Gives up the pixels kept, once the turn is over. */
  letGo(turn: Turn): void {
    const { keepFrames, pins } = this.#context;
    const newest = this.#items.at(-1);
    if (keepFrames && newest !== undefined) pins.unpin(newest.frame, turn);
  }
}
