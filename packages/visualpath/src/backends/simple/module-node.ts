import { FlowData } from '../../core/flow-data.ts';
import type { AnyModule, ProcessContext } from '../../core/module.ts';
import type { Observation } from '../../core/observation.ts';
import { sortModules } from '../../flow/sort-modules.ts';
import type { ModuleSpec } from '../../flow/specs.ts';
import { ModuleOp, type CallOptions } from './module-op.ts';
import type { ModuleStep } from './module-step.ts';
import type { ModuleWork, Slots } from './module-work.ts';

/** The modules of one node, in levels of those that do not depend on each other. */
export class ModuleNode {
  readonly levels: readonly (readonly ModuleOp[])[];
  readonly #emptySlots: Slots;
  readonly #path: string | undefined;

  constructor(
    spec: ModuleSpec,
    place: { readonly nodeIndex: number; readonly firstOrder: number },
    makeStep: (module: AnyModule) => ModuleStep,
    options: CallOptions,
    ctx: ProcessContext,
  ) {
    const { levels } = sortModules(spec.modules);
    const slotByName = new Map(levels.flat().map((module, slot) => [module.name, slot]));
    const { nodeIndex, firstOrder } = place;
    this.levels = levels.map((level) =>
      level.map((module) => {
        const order = firstOrder + slotByName.get(module.name)!;
        return new ModuleOp(makeStep(module), { nodeIndex, order }, slotByName, options, ctx);
      }),
    );
    this.#emptySlots = Array.from(slotByName, () => undefined);
    this.#path = spec.path;
  }

  /** Every module of the node. */
  get ops(): readonly ModuleOp[] {
    return this.levels.flat();
  }

  /** Prepares the work on items. */
  begin(items: readonly FlowData[], turnOf: readonly number[] | undefined): ModuleWork {
    const slots: Slots[] = [];
    for (let i = 0; i < items.length; i++) slots.push(this.#emptySlots.slice());
    return { items, turnOf, slots };
  }

  /** The item that leaves for one that came. */
  finish(item: FlowData, slots: Slots): FlowData {
    const observations = append(item.observations, slots);
    return new FlowData(item.frame, observations, this.#path ?? item.path, item.metadata);
  }
}

/** What was known, then what was seen. Of a full list of slots nothing is copied where nothing was known. */
function append(known: readonly Observation[], slots: Slots): readonly Observation[] {
  if (known.length === 0 && isFull(slots)) return slots;
  const observations = known.slice();
  for (const seen of slots) if (seen !== undefined) observations.push(seen);
  return observations;
}

function isFull(slots: Slots): slots is Observation[] {
  for (const seen of slots) if (seen === undefined) return false;
  return true;
}
