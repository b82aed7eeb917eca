import type { FlowData } from '../../core/flow-data.ts';
import type { Observation } from '../../core/observation.ts';

/** Observations of the modules of one node for one item, by the module's place in the node. */
export type Slots = (Observation | undefined)[];

/** The items a module node is working on, over all turns of a group. */
export interface ModuleWork {
  readonly items: readonly FlowData[];
  /** Turn of each item; undefined where the group has just one. */
  readonly turnOf: readonly number[] | undefined;
  readonly slots: readonly Slots[];
}
