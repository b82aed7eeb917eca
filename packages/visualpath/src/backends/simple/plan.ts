import type { Frame } from 'visualbase';
import { nameOf } from '../../core/dependency.ts';
import type { ErrorPolicy } from '../../core/error-policy.ts';
import type { MaybePromise } from '../../core/maybe-promise.ts';
import type { AnyModule, ProcessContext, ProcessResult } from '../../core/module.ts';
import type { FlowGraph, TriggerHandler } from '../../flow/flow-graph.ts';
import { sortModules } from '../../flow/sort-modules.ts';
import { ModuleCounters } from './module-counters.ts';

/** One module of a plan: everything the executor needs, found once. */
export interface PlanStep {
  readonly module: AnyModule;
  readonly name: string;
  /** Where its observation goes in the frame's slots. */
  readonly slot: number;
  /** What it reads: names and slots side by side, the required ones first. */
  readonly depNames: readonly string[];
  readonly depSlots: readonly number[];
  readonly requiredCount: number;
  readonly policy: ErrorPolicy | undefined;
  readonly counters: ModuleCounters;
  readonly process: (
    frame: Frame,
    deps: object,
    ctx: ProcessContext,
  ) => MaybePromise<ProcessResult>;
}

/** A graph made ready to run: per frame nothing is looked up by name any more. */
export interface Plan {
  /** Steps of a level depend on earlier levels only. */
  readonly levels: readonly (readonly PlanStep[])[];
  /** All steps in the order of their slots, which is an order of dependency. */
  readonly steps: readonly PlanStep[];
  /** Path of the node that results leave from. */
  readonly path: string;
  readonly onTrigger: TriggerHandler | undefined;
}

/** Compiles a valid graph. @throws VisualError `VP_GRAPH_INVALID` for any other. */
export function compilePlan(graph: FlowGraph): Plan {
  graph.assertValid();
  const { levels } = sortModules(graph.modules);
  const slotByName = new Map<string, number>();
  for (const module of levels.flat()) slotByName.set(module.name, slotByName.size);
  const planLevels = levels.map((level) => level.map((module) => compileStep(module, slotByName)));
  return {
    levels: planLevels,
    steps: planLevels.flat(),
    path: graph.nodes.map((node) => node.name).join('/'),
    onTrigger: graph.onTrigger,
  };
}

function compileStep(module: AnyModule, slotByName: ReadonlyMap<string, number>): PlanStep {
  const required = module.depends.map(nameOf);
  const optional = module.optionalDepends.map(nameOf).filter((name) => slotByName.has(name));
  const depNames = [...required, ...optional];
  return {
    module,
    name: module.name,
    slot: slotByName.get(module.name)!,
    depNames,
    depSlots: depNames.map((name) => slotByName.get(name)!),
    requiredCount: required.length,
    policy: module.errorPolicy,
    counters: new ModuleCounters(),
    process: (frame, deps, ctx) => module.process(frame, deps as never, ctx),
  };
}
