import type { FlowData } from '../../../core/flow-data.ts';
import type { JoinMetadata, JoinSpec } from '../../../flow/specs.ts';
import type { Turn } from '../turn.ts';
import { byTime, mergeItems } from './merge-items.ts';
import { NOTHING, type NodeRunner, type RunnerContext } from './node-runner.ts';
import { TimeQueue } from './time-queue.ts';

/** A join of mode `all`: one queue in order of time for each path. */
export class JoinRunner implements NodeRunner {
  readonly isBuffering = true;
  readonly #spec: JoinSpec;
  readonly #context: RunnerContext;
  readonly #path: string;
  readonly #queues: readonly TimeQueue<FlowData>[];
  readonly #queueByPath: ReadonlyMap<string, TimeQueue<FlowData>>;
  /** How long after its time an item waits for partners. */
  readonly #patienceNs: number;
  readonly #windowNs: number;
  #watermarkNs = -Infinity;

  constructor(spec: JoinSpec, context: RunnerContext) {
    const { windowNs = 0, latenessNs = 0 } = spec;
    this.#spec = spec;
    this.#context = context;
    this.#path = spec.path ?? context.name;
    this.#queueByPath = new Map(
      spec.paths.map((path) => [path, new TimeQueue<FlowData>(({ tNs }) => tNs)]),
    );
    this.#queues = [...this.#queueByPath.values()];
    this.#windowNs = windowNs;
    this.#patienceNs = windowNs + latenessNs;
  }

  run(items: readonly FlowData[], watermarkNs: number, turn: Turn): readonly FlowData[] {
    const out: FlowData[] = [];
    for (const data of items) this.#insert(data, out);
    if (watermarkNs > this.#watermarkNs) this.#watermarkNs = watermarkNs;
    while (this.#step(out, turn));
    return out.length === 0 ? NOTHING : out;
  }

  earliestPendingNs(): number {
    let earliest = Infinity;
    for (const { first } of this.#queues) {
      if (first !== undefined && first.tNs < earliest) earliest = first.tNs;
    }
    return earliest;
  }

  state(): Readonly<Record<string, number>> {
    return { pendingCount: this.#queues.reduce((sum, queue) => sum + queue.length, 0) };
  }

  #insert(data: FlowData, out: FlowData[]): void {
    const { counters, keepFrames, pins } = this.#context;
    const queue = this.#queueByPath.get(data.path);
    if (queue === undefined) {
      counters.unroutedCount += 1;
      return;
    }
    if (this.#watermarkNs > data.tNs + this.#patienceNs) {
      counters.lateCount += 1;
      this.#passAlone(data, out);
      return;
    }
    if (keepFrames) pins.pin(data.frame);
    queue.add(data);
  }

  /** Merges the oldest items of all paths, or lets the oldest of all go; false if it has to wait. */
  #step(out: FlowData[], turn: Turn): boolean {
    let oldest: TimeQueue<FlowData> | undefined;
    let oldestNs = Infinity;
    let newestNs = -Infinity;
    let isComplete = true;
    for (const queue of this.#queues) {
      const { first } = queue;
      if (first === undefined) {
        isComplete = false;
        continue;
      }
      const { tNs } = first;
      if (oldest === undefined || tNs < oldestNs) {
        oldest = queue;
        oldestNs = tNs;
      }
      if (tNs > newestNs) newestNs = tNs;
    }
    if (oldest === undefined) return false;
    if (isComplete && newestNs - oldestNs <= this.#windowNs) {
      const members = this.#queues.map((queue) => this.#take(queue, turn));
      if (newestNs !== oldestNs) members.sort(byTime);
      out.push(mergeItems(members, this.#path));
      return true;
    }
    if (this.#watermarkNs > oldestNs + this.#patienceNs) {
      this.#context.counters.unmatchedCount += 1;
      this.#passAlone(this.#take(oldest, turn), out);
      return true;
    }
    return false;
  }

  #take(queue: TimeQueue<FlowData>, turn: Turn): FlowData {
    const data = queue.takeFirst()!;
    if (this.#context.keepFrames) this.#context.pins.unpin(data.frame, turn);
    return data;
  }

  #passAlone(data: FlowData, out: FlowData[]): void {
    if (this.#spec.unmatched !== 'emit') return;
    const join: JoinMetadata = { isPartial: true, paths: [data.path] };
    out.push(mergeItems([data], this.#path, { join }));
  }
}
