import type { Frame } from 'visualbase';
import { FlowData } from '../../core/flow-data.ts';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext } from '../../core/module.ts';
import type { Observation } from '../../core/observation.ts';
import { callModule } from './call-module.ts';
import type { Plan, PlanStep } from './plan.ts';

type Slots = (Observation | undefined)[];

const NO_DEPS = Object.freeze({});
const NO_METADATA = Object.freeze({});

/** Sends one frame through a plan. Gives a promise only if some module does. */
export function processFrame(
  plan: Plan,
  frame: Frame,
  ctx: ProcessContext,
): MaybePromise<FlowData> {
  const slots: Slots = new Array<Observation | undefined>(plan.steps.length).fill(undefined);
  const { levels } = plan;
  for (let i = 0; i < levels.length; i++) {
    const pending = runLevel(levels[i]!, frame, slots, ctx);
    if (pending !== undefined) return finishAsync(plan, i, pending, frame, slots, ctx);
  }
  return collect(plan, frame, slots);
}

async function finishAsync(
  plan: Plan,
  levelAt: number,
  firstPending: readonly Promise<void>[],
  frame: Frame,
  slots: Slots,
  ctx: ProcessContext,
): Promise<FlowData> {
  await allSettledOrThrow(firstPending);
  for (let i = levelAt + 1; i < plan.levels.length; i++) {
    const pending = runLevel(plan.levels[i]!, frame, slots, ctx);
    if (pending !== undefined) await allSettledOrThrow(pending);
  }
  return collect(plan, frame, slots);
}

/** Starts every module of a level; those that are asynchronous then run side by side. */
function runLevel(
  level: readonly PlanStep[],
  frame: Frame,
  slots: Slots,
  ctx: ProcessContext,
): Promise<void>[] | undefined {
  let pending: Promise<void>[] | undefined;
  for (const step of level) {
    const deps = gatherDeps(step, slots);
    if (deps === undefined) {
      step.counters.skippedCount += 1;
      continue;
    }
    let seen;
    try {
      seen = callModule(step, frame, deps, ctx);
    } catch (error) {
      if (pending === undefined) throw error;
      pending.push(Promise.reject(error));
      return pending;
    }
    if (isPromise(seen)) {
      (pending ??= []).push(
        seen.then((observation) => {
          slots[step.slot] = observation;
        }),
      );
    } else {
      slots[step.slot] = seen;
    }
  }
  return pending;
}

/** The frame must not be given back while a neighbour still looks at it: wait for all, then throw. */
async function allSettledOrThrow(pending: readonly Promise<void>[]): Promise<void> {
  if (pending.length === 1) return pending[0];
  const outcomes = await Promise.allSettled(pending);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** The observations a step reads, or undefined if a required one is missing. */
function gatherDeps(step: PlanStep, slots: Slots): object | undefined {
  const { depNames, depSlots, requiredCount } = step;
  if (depNames.length === 0) return NO_DEPS;
  const deps: Record<string, Observation | undefined> = {};
  for (let i = 0; i < depNames.length; i++) {
    const observation = slots[depSlots[i]!];
    if (observation === undefined && i < requiredCount) return undefined;
    deps[depNames[i]!] = observation;
  }
  return deps;
}

function collect(plan: Plan, frame: Frame, slots: Slots): FlowData {
  const observations: Observation[] = [];
  for (const seen of slots) if (seen !== undefined) observations.push(seen);
  return new FlowData(frame, observations, plan.path, NO_METADATA);
}
