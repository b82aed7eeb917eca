import type { FlowData } from '../../../core/flow-data.ts';
import type { CollectorMetadata, CollectorSpec } from '../../../flow/specs.ts';
import type { Turn } from '../turn.ts';
import { KeptItems } from './kept-items.ts';
import { mergeItems } from './merge-items.ts';
import { NOTHING, type NodeRunner, type RunnerContext } from './node-runner.ts';

/** Collects items until there are enough, they have waited long enough, or the stream ends. */
export class CollectorRunner implements NodeRunner {
  readonly isBuffering = true;
  readonly #batchSize: number;
  readonly #timeoutNs: number;
  readonly #context: RunnerContext;
  #kept: KeptItems;

  constructor(spec: CollectorSpec, context: RunnerContext) {
    this.#batchSize = spec.batchSize;
    this.#timeoutNs = spec.timeoutNs ?? Infinity;
    this.#context = context;
    this.#kept = new KeptItems(context);
  }

  run(items: readonly FlowData[], watermarkNs: number, turn: Turn): readonly FlowData[] {
    const out: FlowData[] = [];
    for (const data of items) {
      if (this.#isTimedOut(data.tNs)) out.push(this.#collect('timeout', turn));
      this.#kept.add(data, turn);
      if (this.#kept.all.length >= this.#batchSize) out.push(this.#collect('size', turn));
    }
    if (this.#isTimedOut(watermarkNs)) {
      out.push(this.#collect(watermarkNs === Infinity ? 'flush' : 'timeout', turn));
    }
    return out.length === 0 ? NOTHING : out;
  }

  earliestPendingNs(): number {
    return this.#kept.all[0]?.tNs ?? Infinity;
  }

  state(): Readonly<Record<string, number>> {
    return { itemCount: this.#kept.all.length };
  }

  #isTimedOut(tNs: number): boolean {
    const [first] = this.#kept.all;
    return first !== undefined && (tNs === Infinity || tNs - first.tNs >= this.#timeoutNs);
  }

  #collect(reason: CollectorMetadata['reason'], turn: Turn): FlowData {
    const kept = this.#kept;
    this.#kept = new KeptItems(this.#context);
    kept.letGo(turn);
    const { all } = kept;
    const collector: CollectorMetadata = { itemCount: all.length, reason };
    return mergeItems(all, all.at(-1)!.path, { collector });
  }
}
