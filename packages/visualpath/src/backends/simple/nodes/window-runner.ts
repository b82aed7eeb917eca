import type { FlowData } from '../../../core/flow-data.ts';
import type { WindowMetadata, WindowSpec } from '../../../flow/specs.ts';
import type { Turn } from '../turn.ts';
import { KeptItems } from './kept-items.ts';
import { mergeItems } from './merge-items.ts';
import { NOTHING, type NodeRunner, type RunnerContext } from './node-runner.ts';

const UPDATE_WINDOWS = 10;

/** Windows by their start. */
type Windows = Map<number, KeptItems>;

/** Tumbling windows on media time. */
export class WindowRunner implements NodeRunner {
  readonly isBuffering = true;
  readonly #spec: WindowSpec;
  readonly #context: RunnerContext;
  readonly #latenessNs: number;
  readonly #updateWithinNs: number;
  /** Windows that have not left. */
  readonly #open: Windows = new Map();
  /** Windows that have left and can still be corrected. */
  readonly #left: Windows = new Map();
  #watermarkNs = -Infinity;

  constructor(spec: WindowSpec, context: RunnerContext) {
    this.#spec = spec;
    this.#context = context;
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
    let earliestNs = Infinity;
    for (const kept of this.#open.values()) earliestNs = Math.min(earliestNs, kept.all[0]!.tNs);
    return earliestNs;
  }

  state(): Readonly<Record<string, number>> {
    let itemCount = 0;
    for (const kept of this.#open.values()) itemCount += kept.all.length;
    return { windowCount: this.#open.size, itemCount, correctableCount: this.#left.size };
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
      this.#windowAt(this.#open, startNs).add(data, turn);
      return;
    }
    this.#context.counters.lateCount += 1;
    if (late === 'sideOutput') out.push(data.with({ path: latePath }));
    if (late !== 'update' || leavesAtNs + this.#updateWithinNs < this.#watermarkNs) return;
    const kept = this.#windowAt(this.#left, startNs);
    kept.add(data, turn);
    out.push(this.#result(startNs, kept, true));
  }

  #windowAt(windows: Windows, startNs: number): KeptItems {
    let kept = windows.get(startNs);
    if (kept === undefined) {
      kept = new KeptItems(this.#context);
      windows.set(startNs, kept);
    }
    return kept;
  }

  #closePassed(out: FlowData[], turn: Turn): void {
    const passed: number[] = [];
    for (const startNs of this.#open.keys()) {
      if (this.#leavesAtNs(startNs) <= this.#watermarkNs) passed.push(startNs);
    }
    for (const startNs of passed.sort((a, b) => a - b)) {
      const kept = this.#open.get(startNs)!;
      this.#open.delete(startNs);
      out.push(this.#result(startNs, kept, false));
      if (this.#spec.late === 'update') this.#left.set(startNs, kept);
      else kept.letGo(turn);
    }
  }

  #forget(turn: Turn): void {
    for (const [startNs, kept] of this.#left) {
      if (this.#leavesAtNs(startNs) + this.#updateWithinNs >= this.#watermarkNs) continue;
      this.#left.delete(startNs);
      kept.letGo(turn);
    }
  }

  #result(startNs: number, { all }: KeptItems, isUpdate: boolean): FlowData {
    const endNs = startNs + this.#spec.windowNs;
    const window: WindowMetadata = { startNs, endNs, itemCount: all.length, isUpdate };
    return mergeItems(all, all.at(-1)!.path, { window });
  }
}
