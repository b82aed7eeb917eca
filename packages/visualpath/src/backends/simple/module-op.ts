import type { Frame } from 'visualbase';
import { hasCapability, isStateful } from '../../core/capabilities.ts';
import { nameOf } from '../../core/dependency.ts';
import type { FlowData } from '../../core/flow-data.ts';
import { isPromise } from '../../core/maybe-promise.ts';
import type { ProcessContext, ProcessResult } from '../../core/module.ts';
import { observe, type Observation } from '../../core/observation.ts';
import { callBatch } from './call-batch.ts';
import { callModule } from './call-module.ts';
import type { ModuleStep } from './module-step.ts';
import type { ModuleWork, Slots } from './module-work.ts';
import type { TurnGroup } from './turn-group.ts';

/** How modules are called. */
export interface CallOptions {
  /** Whether calls that do not depend on each other run side by side. */
  readonly isParallel: boolean;
  /** Whether `processBatch` is used where a module has it. */
  readonly isBatched: boolean;
}

interface Dep {
  readonly name: string;
  /** Place among the modules of the node; -1 if it ran in an earlier node. */
  readonly slot: number;
  readonly isRequired: boolean;
}

const NO_DEPS = Object.freeze({});

/** One module of a node, as a step of a run. */
export class ModuleOp {
  readonly step: ModuleStep;
  /** Whether it must see groups of frames one at a time and in order. */
  readonly isOrdered: boolean;
  /** Place among the modules of the node. */
  readonly slot: number;
  readonly #nodeIndex: number;
  readonly #order: number;
  readonly #deps: readonly Dep[];
  readonly #ctx: ProcessContext;
  readonly #batchSize: number;
  readonly #isConcurrent: boolean;

  constructor(
    step: ModuleStep,
    place: { readonly nodeIndex: number; readonly order: number },
    slotByName: ReadonlyMap<string, number>,
    options: CallOptions,
    ctx: ProcessContext,
  ) {
    const { module } = step;
    this.step = step;
    this.isOrdered = isStateful(module) || !hasCapability(module, 'THREAD_SAFE');
    this.slot = slotByName.get(module.name)!;
    this.#nodeIndex = place.nodeIndex;
    this.#order = place.order;
    const toDep = (isRequired: boolean) => (name: string) => ({
      name,
      slot: slotByName.get(name) ?? -1,
      isRequired,
    });
    this.#deps = [
      ...module.depends.map(nameOf).map(toDep(true)),
      ...module.optionalDepends.map(nameOf).map(toDep(false)),
    ];
    this.#ctx = ctx;
    const isBatched = options.isBatched && hasCapability(module, 'BATCHING');
    this.#batchSize = isBatched ? (module.capabilities.maxBatchSize ?? Infinity) : 0;
    this.#isConcurrent = options.isParallel && !this.isOrdered;
  }

  /** Calls the module for every item of the group. Errors are noted there; it never throws. */
  run(group: TurnGroup): Promise<void> | undefined {
    const work = group.works[this.#nodeIndex]!;
    if (this.#batchSize > 0) return this.#runBatches(work, group);
    if (this.#isConcurrent && work.items.length > 1) return this.#runConcurrently(work, group);
    return this.#runFrom(0, work, group);
  }

  #runFrom(start: number, work: ModuleWork, group: TurnGroup): Promise<void> | undefined {
    for (let i = start; i < work.items.length; i++) {
      const pending = this.#runItem(i, work, group);
      if (pending !== undefined) {
        return i + 1 === work.items.length ? pending : this.#runRest(pending, i + 1, work, group);
      }
    }
    return undefined;
  }

  async #runRest(
    pending: Promise<void>,
    next: number,
    work: ModuleWork,
    group: TurnGroup,
  ): Promise<void> {
    await pending;
    await this.#runFrom(next, work, group);
  }

  async #runConcurrently(work: ModuleWork, group: TurnGroup): Promise<void> {
    await Promise.all(work.items.map(async (_, i) => this.#runItem(i, work, group)));
  }

  #runItem(i: number, work: ModuleWork, group: TurnGroup): Promise<void> | undefined {
    const turnIndex = work.turnOf === undefined ? 0 : work.turnOf[i]!;
    if (turnIndex >= group.limit) return undefined;
    const slots = work.slots[i]!;
    const deps = this.#gatherDeps(work.items[i]!, slots);
    if (deps === undefined) {
      this.step.counters.skippedCount += 1;
      return undefined;
    }
    try {
      const seen = callModule(this.step, work.items[i]!.frame, deps, this.#ctx);
      if (!isPromise(seen)) {
        slots[this.slot] = seen;
        return undefined;
      }
      return seen.then(
        (observation) => {
          slots[this.slot] = observation;
        },
        (error: unknown) => group.fail(turnIndex, this.#order, error),
      );
    } catch (error) {
      group.fail(turnIndex, this.#order, error);
      return undefined;
    }
  }

  async #runBatches(work: ModuleWork, group: TurnGroup): Promise<void> {
    let indices: number[] = [];
    let depsList: object[] = [];
    for (let i = 0; i < work.items.length; i++) {
      if ((work.turnOf?.[i] ?? 0) >= group.limit) break;
      const deps = this.#gatherDeps(work.items[i]!, work.slots[i]!);
      if (deps === undefined) {
        this.step.counters.skippedCount += 1;
        continue;
      }
      indices.push(i);
      depsList.push(deps);
      if (indices.length < this.#batchSize) continue;
      await this.#runBatch(indices, depsList, work, group);
      indices = [];
      depsList = [];
    }
    if (indices.length > 0) await this.#runBatch(indices, depsList, work, group);
  }

  async #runBatch(
    indices: readonly number[],
    depsList: readonly object[],
    work: ModuleWork,
    group: TurnGroup,
  ): Promise<void> {
    const turnOf = (i: number): number => work.turnOf?.[i] ?? 0;
    if (turnOf(indices[0]!) >= group.limit) return;
    const frames = indices.map((i) => work.items[i]!.frame);
    let results: readonly ProcessResult[] | undefined;
    try {
      results = await callBatch(this.step, frames, depsList, this.#ctx);
    } catch (error) {
      group.fail(turnOf(indices[0]!), this.#order, error);
      return;
    }
    if (results === undefined) {
      // One by one, so that the policy of the module meets just the frames that fail.
      for (const i of indices) await this.#runItem(i, work, group);
      return;
    }
    for (const [k, i] of indices.entries()) {
      try {
        work.slots[i]![this.slot] = this.#observe(frames[k]!, results[k]);
      } catch (error) {
        group.fail(turnOf(i), this.#order, error);
      }
    }
  }

  #observe(frame: Frame, result: ProcessResult): Observation | undefined {
    if (result === undefined || result === null) return undefined;
    return observe(this.step.name, frame, result);
  }

  /** The observations that the module reads, or undefined if a required one is missing. */
  #gatherDeps(item: FlowData, slots: Slots): object | undefined {
    if (this.#deps.length === 0) return NO_DEPS;
    const deps: Record<string, Observation | undefined> = {};
    for (const { name, slot, isRequired } of this.#deps) {
      const observation = slot >= 0 ? slots[slot] : newestOf(item.observations, name);
      if (observation === undefined && isRequired) return undefined;
      deps[name] = observation;
    }
    return deps;
  }
}

function newestOf(observations: readonly Observation[], source: string): Observation | undefined {
  for (let i = observations.length - 1; i >= 0; i--) {
    if (observations[i]!.source === source) return observations[i];
  }
  return undefined;
}
