import type { FlowData } from '../../../core/flow-data.ts';
import type { Turn } from '../turn.ts';
import { byTime } from './merge-items.ts';
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
    const items = this.#items;
    const before = items.at(-1);
    items.push(data);
    if (before !== undefined && before.tNs > data.tNs) items.sort(byTime);
    const { keepFrames, pins } = this.#context;
    if (!keepFrames || items.at(-1) !== data) return;
    pins.pin(data.frame);
    if (before !== undefined) pins.unpin(before.frame, turn);
  }

  /** Gives up the pixels kept, once the turn is over. */
  letGo(turn: Turn): void {
    const { keepFrames, pins } = this.#context;
    const newest = this.#items.at(-1);
    if (keepFrames && newest !== undefined) pins.unpin(newest.frame, turn);
  }
}
