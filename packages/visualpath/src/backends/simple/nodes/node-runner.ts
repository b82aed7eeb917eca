import type { FlowData } from '../../../core/flow-data.ts';
import type { MaybePromise } from '../../../core/maybe-promise.ts';
import type { ProcessContext } from '../../../core/module.ts';
import type { FramePins } from '../frame-pins.ts';
import type { NodeCounters } from '../node-counters.ts';
import type { NodeGuard } from '../node-guard.ts';
import type { Turn } from '../turn.ts';

/** What a node does in this process. It sees turns one at a time and in order, and may remember. */
export interface NodeRunner {
  /** True if items may leave in a later turn than they came: it then runs in every turn. */
  readonly isBuffering: boolean;
  /**
   * Takes what arrived in a turn and gives what leaves.
   *
   * @param watermarkNs - Newest media time up to which everything upstream has arrived with this turn.
   */
  run(
    items: readonly FlowData[],
    watermarkNs: number,
    turn: Turn,
  ): MaybePromise<readonly FlowData[]>;
  /** Earliest media time of what may still leave; `Infinity` if nothing is kept. */
  earliestPendingNs(): number;
  /** What it remembers, in figures, for debugging. */
  state(): Readonly<Record<string, number>>;
}

/** What runners get from the run that they belong to. */
export interface RunnerContext {
  readonly name: string;
  readonly counters: NodeCounters;
  readonly guard: NodeGuard;
  readonly pins: FramePins;
  /** Whether buffering nodes keep the pixels of frames. */
  readonly keepFrames: boolean;
  readonly nowMs: () => number;
  readonly processContext: ProcessContext;
}

/** Nothing leaves. */
export const NOTHING: readonly FlowData[] = Object.freeze([]);

/** A runner that keeps no items. */
export abstract class ImmediateRunner implements NodeRunner {
  readonly isBuffering: boolean = false;

  abstract run(
    items: readonly FlowData[],
    watermarkNs: number,
    turn: Turn,
  ): MaybePromise<readonly FlowData[]>;

  earliestPendingNs(): number {
    return Infinity;
  }

  state(): Readonly<Record<string, number>> {
    return {};
  }
}
