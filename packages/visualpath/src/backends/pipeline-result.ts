import type { Trigger } from 'visualbase';
import type { NodeKind } from '../flow/specs.ts';

/** Figures of one module over a run. */
export interface ModuleStats {
  /** Frames it was given, further tries not counted. */
  readonly callCount: number;
  /** Calls that gave an observation. */
  readonly observationCount: number;
  /** Frames it was not given, since a module it depends on saw nothing in them. */
  readonly skippedCount: number;
  /** Tries that threw. */
  readonly errorCount: number;
  readonly retryCount: number;
  /** Tries that took too long, and those that an earlier call, gone beyond its time, left no time for. */
  readonly timeoutCount: number;
  /** Calls of `processBatch`. */
  readonly batchCount: number;
  /** Milliseconds of a call, further tries included; percentiles within 5 %. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly totalMs: number;
}

/**
 * Figures of one node over a run: what came in left, or was counted as something else. Late items that
 * leave by themselves (`late: 'sideOutput'` of a window, `unmatched: 'emit'` of a join) are both late and out.
 */
export interface NodeStats {
  readonly kind: NodeKind;
  /** Items that arrived. */
  readonly inCount: number;
  /** Items that left; joins, windows and collectors make one of several, fan-outs several of one. */
  readonly outCount: number;
  /** Items that a filter or sampler did not pass. */
  readonly filteredCount: number;
  /** Items that no path or edge was for. */
  readonly unroutedCount: number;
  /** Items that a join found no partners for. */
  readonly unmatchedCount: number;
  /** Items that came after the watermark had passed them. Those that leave all the same count as out too. */
  readonly lateCount: number;
  /** Items on which the node's own code threw. */
  readonly errorCount: number;
}

/** Figures of a run. */
export interface RunStats {
  /** Name of the backend. */
  readonly backend: string;
  /** Frames taken from the source. */
  readonly readCount: number;
  /** Frames that went through the graph. */
  readonly processedCount: number;
  /**
   * Frames that were read and not processed, by reason; empty where there are none. The reason is the
   * overflow policy of the queue, or `stopped` for those that were waiting when the run was stopped.
   */
  readonly dropped: Readonly<Record<string, number>>;
  readonly modules: Readonly<Record<string, ModuleStats>>;
  /** By name of the node. */
  readonly nodes: Readonly<Record<string, NodeStats>>;
  /** Triggers that came a second time by another way and were not fired again. */
  readonly duplicateTriggerCount: number;
  /** From the first frame asked for to the last one delivered. */
  readonly wallMs: number;
  /** Processed frames per second of wall time. */
  readonly fps: number;
  /** Time spent waiting for frames and in `onFrame` / `onTrigger`. */
  readonly sourceWaitMs: number;
  readonly callbackMs: number;
  /** True if `onFrame` ended the run before the source did. */
  readonly isStoppedEarly: boolean;
  /** What the run could not do as asked, in words. */
  readonly warnings: readonly string[];
}

/** What a run gives. */
export interface PipelineResult {
  /** In order of time of the frames that asked for them. */
  readonly triggers: readonly Trigger[];
  /** Frames delivered to `onFrame`. */
  readonly frameCount: number;
  readonly stats: RunStats;
}
