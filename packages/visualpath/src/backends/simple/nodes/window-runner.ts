import type { FlowData } from '../../../core/flow-data.ts';
import type { WindowMetadata, WindowSpec } from '../../../flow/specs.ts';
import type { Turn } from '../turn.ts';
import type { KeptItems } from './kept-items.ts';
import { mergeItems } from './merge-items.ts';
import { NOTHING, type NodeRunner, type RunnerContext } from './node-runner.ts';
import { WindowShelf } from './window-shelf.ts';

const UPDATE_WINDOWS = 10;

/** Tumbling windows on media time. */
export class WindowRunner implements NodeRunner {
  readonly isBuffering = true;
  readonly #spec: WindowSpec;
  readonly #context: RunnerContext;
  readonly #latenessNs: number;
  readonly #updateWithinNs: number;
  /** Windows that have not left. */
  readonly #open: WindowShelf;
  /** Windows that have left and can still be corrected. */
  readonly #left: WindowShelf;
  #watermarkNs = -Infinity;

  constructor(spec: WindowSpec, context: RunnerContext) {
    this.#spec = spec;
    this.#context = context;
    this.#open = new WindowShelf(context);
    this.#left = new WindowShelf(context);
    this.#latenessNs = spec.latenessNs ?? 0;
    this.#updateWithinNs = spec.updateWithinNs ?? UPDATE_WINDOWS * spec.windowNs;
  }

  run(items: readonly FlowData[], watermarkNs: number, turn: Turn): readonly FlowData[] {
    const out: FlowData[] = [];
    for (const data of items) this.#insert(data, out, turn);
    if (watermarkNs > this.#watermarkNs) {
      this.#watermarkNs = watermarkNs;
      this.#closePassed(out, turn);
      this.#forget(turn);
    }
    return out.length === 0 ? NOTHING : out;
  }

  earliestPendingNs(): number {
    return this.#open.first?.kept.all[0]!.tNs ?? Infinity;
  }

  state(): Readonly<Record<string, number>> {
    return {
      windowCount: this.#open.size,
      itemCount: this.#open.countItems(),
      correctableCount: this.#left.size,
    };
  }

  /** When the window that starts there leaves. */
  #leavesAtNs(startNs: number): number {
    return startNs + this.#spec.windowNs + this.#latenessNs;
  }

  #insert(data: FlowData, out: FlowData[], turn: Turn): void {
    const { windowNs, late = 'drop', latePath = 'late' } = this.#spec;
    const startNs = Math.floor(data.tNs / windowNs) * windowNs;
    const leavesAtNs = this.#leavesAtNs(startNs);
    if (leavesAtNs > this.#watermarkNs) {
      this.#open.at(startNs).add(data, turn);
      return;
    }
    this.#context.counters.lateCount += 1;
    if (late === 'sideOutput') out.push(data.with({ path: latePath }));
    if (late !== 'update' || leavesAtNs + this.#updateWithinNs < this.#watermarkNs) return;
    const kept = this.#left.at(startNs);
    kept.add(data, turn);
    out.push(this.#result(startNs, kept, true));
  }

  #closePassed(out: FlowData[], turn: Turn): void {
    for (let next = this.#open.first; next !== undefined; next = this.#open.first) {
      if (this.#leavesAtNs(next.startNs) > this.#watermarkNs) return;
      this.#open.takeFirst();
      out.push(this.#result(next.startNs, next.kept, false));
      if (this.#spec.late === 'update') this.#left.put(next);
      else next.kept.letGo(turn);
    }
  }

  #forget(turn: Turn): void {
    for (let next = this.#left.first; next !== undefined; next = this.#left.first) {
      if (this.#leavesAtNs(next.startNs) + this.#updateWithinNs >= this.#watermarkNs) return;
      this.#left.takeFirst();
      next.kept.letGo(turn);
    }
  }

  #result(startNs: number, { all }: KeptItems, isUpdate: boolean): FlowData {
    const endNs = startNs + this.#spec.windowNs;
    const window: WindowMetadata = { startNs, endNs, itemCount: all.length, isUpdate };
    return mergeItems(all, all.at(-1)!.path, { window });
  }
}
