import type { Trigger } from 'visualbase';
import type { FlowData } from '../../core/flow-data.ts';
import { shouldTrigger, triggerOf, type Observation } from '../../core/observation.ts';
import type { TriggerHandler } from '../../flow/flow-graph.ts';
import type { RunTracer } from '../../observability/run-tracer.ts';
import { observationKey } from './nodes/merge-items.ts';

/** Fires each trigger of a run once, however many ways its observation came. */
export class TriggerLedger {
  readonly #found: { readonly trigger: Trigger; readonly tNs: number }[] = [];
  #duplicateCount = 0;
  readonly #fired = new Set<string>();
  readonly #handlers: readonly TriggerHandler[];

  readonly #tracer: RunTracer | undefined;

  constructor(handlers: readonly (TriggerHandler | undefined)[], tracer?: RunTracer) {
    this.#tracer = tracer;
    this.#handlers = handlers.filter((handler) => handler !== undefined);
  }

  get count(): number {
    return this.#found.length;
  }

  /** Every trigger, in order of the frames that asked for them: those that left late are put in place. */
  get triggers(): readonly Trigger[] {
    return [...this.#found].sort((a, b) => a.tNs - b.tNs).map(({ trigger }) => trigger);
  }

  /** Triggers that came once more and were not fired again. */
  get duplicateCount(): number {
    return this.#duplicateCount;
  }

  /** Whether there is something to fire in what left the graph in one turn. */
  isConcerned(results: readonly FlowData[]): boolean {
    for (const data of results) {
      for (const observation of data.observations) if (shouldTrigger(observation)) return true;
    }
    return false;
  }

  /** Fires the triggers of what left the graph in one turn, as long as the run is not over. */
  async fire(results: readonly FlowData[], isOver: () => boolean): Promise<void> {
    for (const data of results) {
      for (const observation of data.observations) {
        const trigger = triggerOf(observation);
        if (trigger === undefined || !this.#isNew(observation)) continue;
        this.#found.push({ trigger, tNs: observation.tNs });
        this.#tracer?.trigger(trigger, observation);
        for (const handler of this.#handlers) {
          if (isOver()) return;
          await handler(data, observation);
        }
      }
    }
  }

  #isNew(observation: Observation): boolean {
    const key = observationKey(observation);
    const isNew = !this.#fired.has(key);
    if (isNew) this.#fired.add(key);
    else this.#duplicateCount += 1;
    return isNew;
  }
}
