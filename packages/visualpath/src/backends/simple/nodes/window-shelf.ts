import { KeptItems } from './kept-items.ts';
import type { RunnerContext } from './node-runner.ts';
import { TimeQueue } from './time-queue.ts';

interface ShelvedWindow {
  readonly startNs: number;
  readonly kept: KeptItems;
}

/** Windows by their start, the earliest first. All are as long, so that this is the order of their ends too. */
export class WindowShelf {
  readonly #context: RunnerContext;
  readonly #byStart = new Map<number, ShelvedWindow>();
  readonly #inOrder = new TimeQueue<ShelvedWindow>(({ startNs }) => startNs);

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#byStart.size;
  }

  get first(): ShelvedWindow | undefined {
    return this.#inOrder.first;
  }

  /** Items in all windows. */
  countItems(): number {
    let count = 0;
    for (const { kept } of this.#byStart.values()) count += kept.all.length;
    return count;
  }

  /** The items of the window that starts there; an empty window if there is none yet. */
  at(startNs: number): KeptItems {
    const known = this.#byStart.get(startNs);
    if (known !== undefined) return known.kept;
    const kept = new KeptItems(this.#context);
    this.put({ startNs, kept });
    return kept;
  }

  /** Adds a window. */
  put(window: ShelvedWindow): void {
    this.#byStart.set(window.startNs, window);
    this.#inOrder.add(window);
  }

  /** Takes the earliest window off. */
  takeFirst(): void {
    const first = this.#inOrder.takeFirst();
    if (first !== undefined) this.#byStart.delete(first.startNs);
  }
}
