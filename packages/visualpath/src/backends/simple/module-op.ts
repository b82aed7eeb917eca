import type { Frame } from 'visualbase';
import { hasCapability } from '../../core/capabilities.ts';
import { nameOf } from '../../core/dependency.ts';
import type { FlowData } from '../../core/flow-data.ts';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import { Module, type ProcessContext, type ProcessResult } from '../../core/module.ts';
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
    this.isOrdered = step.isOrdered;
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
    // The default processBatch calls one by one too, and could not tell which frame failed.
    const hasOwnBatch = module.processBatch !== Module.prototype.processBatch;
    const isBatched = options.isBatched && hasOwnBatch && hasCapability(module, 'BATCHING');
    this.#batchSize = isBatched ? (module.capabilities.maxBatchSize ?? Infinity) : 0;
    this.#isConcurrent = options.isParallel && !this.isOrdered;
  }

  /**
   * Calls the module for the items of the group. Errors are noted there; it never throws.
   *
   * @param limit - Turns to work on: those before this one.
   */
  run(group: TurnGroup, limit: number): Promise<void> | undefined {
    const work = group.works[this.#nodeIndex]!;
    const count = countBefore(limit, work);
    if (this.#batchSize > 0) return this.#runBatches(count, work, group);
    if (this.#isConcurrent && count > 1) return this.#runConcurrently(count, work, group);
    return this.#runFrom(0, count, work, group);
  }

  #runFrom(
    start: number,
    count: number,
    work: ModuleWork,
    group: TurnGroup,
  ): Promise<void> | undefined {
    for (let i = start; i < count; i++) {
      const goesOn = this.#runItem(i, work, group);
      if (isPromise(goesOn)) return this.#runRest(goesOn, i + 1, count, work, group);
      if (!goesOn) return undefined;
    }
    return undefined;
  }

  async #runRest(
    pending: Promise<boolean>,
    next: number,
    count: number,
    work: ModuleWork,
    group: TurnGroup,
  ): Promise<void> {
    if (await pending) await this.#runFrom(next, count, work, group);
  }

  async #runConcurrently(count: number, work: ModuleWork, group: TurnGroup): Promise<void> {
    const calls: Promise<boolean>[] = [];
    for (let i = 0; i < count; i++) {
      const goesOn = this.#runItem(i, work, group);
      if (isPromise(goesOn)) calls.push(goesOn);
      else if (!goesOn) break;
    }
    await Promise.all(calls);
  }

  /** Gives false if the module failed for good: later items are then not worked on. */
  #runItem(i: number, work: ModuleWork, group: TurnGroup): MaybePromise<boolean> {
    if (group.isAbandoned) return false;
    const slots = work.slots[i]!;
    const item = work.items[i]!;
    const deps = this.#gatherDeps(item, slots);
    if (deps === undefined) {
      this.step.counters.skippedCount += 1;
      return true;
    }
    try {
      const seen = callModule(this.step, item.frame, deps, this.#ctx);
      if (isPromise(seen)) return this.#awaitItem(i, seen, work, group);
      slots[this.slot] = seen;
      return true;
    } catch (error) {
      return this.#fail(i, error, work, group);
    }
  }

  async #awaitItem(
    i: number,
    pending: Promise<Observation | undefined>,
    work: ModuleWork,
    group: TurnGroup,
  ): Promise<boolean> {
    try {
      work.slots[i]![this.slot] = await pending;
      return true;
    } catch (error) {
      return this.#fail(i, error, work, group);
    }
  }

  #fail(i: number, error: unknown, work: ModuleWork, group: TurnGroup): false {
    group.fail({ turnIndex: work.turnOf?.[i] ?? 0, step: this.#order, item: i, error });
    return false;
  }

  async #runBatches(count: number, work: ModuleWork, group: TurnGroup): Promise<void> {
    let indices: number[] = [];
    let depsList: object[] = [];
    for (let i = 0; i < count; i++) {
      const deps = this.#gatherDeps(work.items[i]!, work.slots[i]!);
      if (deps === undefined) {
        this.step.counters.skippedCount += 1;
        continue;
      }
      indices.push(i);
      depsList.push(deps);
      if (indices.length < this.#batchSize) continue;
      if (!(await this.#runBatch(indices, depsList, work, group))) return;
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
  ): Promise<boolean> {
    if (group.isAbandoned) return false;
    const frames = indices.map((i) => work.items[i]!.frame);
    let results: readonly ProcessResult[] | undefined;
    try {
      results = await callBatch(this.step, frames, depsList, this.#ctx);
    } catch (error) {
      return this.#fail(indices[0]!, error, work, group);
    }
    for (const [k, i] of indices.entries()) {
      if (results === undefined) {
        // One by one, so that the policy of the module meets just the frames that fail.
        if (!(await this.#runItem(i, work, group))) return false;
        continue;
      }
      try {
        work.slots[i]![this.slot] = this.#observe(frames[k]!, results[k]);
      } catch (error) {
        return this.#fail(i, error, work, group);
      }
    }
    return true;
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

/** Number of items, from the first, that belong to turns before a limit. */
function countBefore(limit: number, { items, turnOf }: ModuleWork): number {
  if (turnOf === undefined) return limit > 0 ? items.length : 0;
  let count = items.length;
  while (count > 0 && turnOf[count - 1]! >= limit) count -= 1;
  return count;
}
