import type { FlowData } from '../core/flow-data.ts';
import type { IsolationConfig } from '../core/isolation.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { AnyModule, ProcessContext } from '../core/module.ts';
import type { ObservationInit } from '../core/observation.ts';
import type { Condition, SignalCondition } from './condition.ts';

/** Where frames enter a graph. */
export interface SourceSpec {
  readonly kind: 'source';
  /** Path that its items are on. Default `main`. */
  readonly path?: string;
}

/** Modules that look at every item, in the order of their dependencies. */
export interface ModuleSpec {
  readonly kind: 'module';
  readonly modules: readonly AnyModule[];
  /** Path that items are on afterwards. Default: the one they came on. */
  readonly path?: string;
  /** For backends that isolate; overrides what the run says. */
  readonly isolation?: IsolationConfig;
}

/** Passes items for which the condition holds. */
export interface FilterSpec {
  readonly kind: 'filter';
  readonly condition: Condition;
}

/** Passes items that carry enough observations. */
export interface ObservationFilterSpec {
  readonly kind: 'observationFilter';
  /** Name of the module whose observations count. Default: any. */
  readonly source?: string;
  /** Default 1. */
  readonly minCount?: number;
}

/** Passes items in which some observation has such a signal. */
export interface SignalFilterSpec extends SignalCondition {
  readonly kind: 'signalFilter';
}

/** Passes the 1st item, the (n+1)th, the (2n+1)th and so on. */
export interface SampleSpec {
  readonly kind: 'sample';
  /** n, at least 1. */
  readonly every: number;
}

/** Passes an item if the clock has moved on this far since the last one passed; the one rule of wall time. */
export interface RateLimitSpec {
  readonly kind: 'rateLimit';
  readonly minIntervalMs: number;
}

/** Passes the first item, then each at least this much media time after the last one passed. */
export interface TimestampSampleSpec {
  readonly kind: 'timestampSample';
  readonly intervalNs: number;
}

/** Puts each item on one of two paths. */
export interface BranchSpec {
  readonly kind: 'branch';
  readonly condition: Condition;
  readonly ifTrue: string;
  readonly ifFalse: string;
}

/** Puts each item on every path. */
export interface FanOutSpec {
  readonly kind: 'fanOut';
  readonly paths: readonly string[];
}

/** A path, and the items it is for. */
export interface PathCondition {
  readonly condition: Condition;
  readonly path: string;
}

/** Puts each item on the first path whose condition holds. */
export interface MultiBranchSpec {
  readonly kind: 'multiBranch';
  readonly branches: readonly PathCondition[];
  /** Where the others go. Default: nowhere; they are counted. */
  readonly defaultPath?: string;
}

/** Puts each item on every path whose condition holds. Items for none are counted. */
export interface ConditionalFanOutSpec {
  readonly kind: 'conditionalFanOut';
  readonly branches: readonly PathCondition[];
}

/** What nodes that keep items for later share. */
interface BufferingSpec {
  /**
   * Whether the newest frame of a result still has its pixels when it leaves in a later turn. They
   * are copied then. Default: if modules or custom nodes come after this node.
   */
  readonly keepFrames?: boolean;
}

/**
 * Merges items of several paths that belong together by time.
 *
 * `all`: the oldest waiting items of all paths are merged when their times lie within `windowNs`. An
 * item that finds no partners waits until the watermark is past its time + `windowNs` +
 * `latenessNs`. Results leave in order of time, but for late items: one that comes after its time is
 * counted as late, and leaves alone at once where unmatched items do. `any`: nothing waits; what one
 * frame brought is merged and passes at once.
 *
 * A result has the newest of the merged frames, and every observation once, in order of time. One that
 * left alone has a {@link JoinMetadata} as `metadata.join`.
 */
export interface JoinSpec extends BufferingSpec {
  readonly kind: 'join';
  /** Paths to merge. Items on others are counted as unrouted. */
  readonly paths: readonly string[];
  /** Default `all`. */
  readonly mode?: 'all' | 'any';
  /** How far apart merged items may be. Default 0: the same time. */
  readonly windowNs?: number;
  /** How long after the watermark partners may still come. Default 0. */
  readonly latenessNs?: number;
  /**
   * What becomes of an item without partners: counted and dropped, or passed on alone with
   * `metadata.join.isPartial`. Default `drop`.
   */
  readonly unmatched?: 'drop' | 'emit';
  /** Path of the results. Default: the name of the node. */
  readonly path?: string;
}

/**
 * Collects items into spans of media time, `[k * windowNs, (k + 1) * windowNs)`. A window leaves as one
 * item when the watermark reaches its end + `latenessNs`, on the path of its newest item; what it covers
 * is in `metadata.window`, a {@link WindowMetadata}. A window in which nothing came does not leave.
 */
export interface WindowSpec extends BufferingSpec {
  readonly kind: 'window';
  readonly windowNs: number;
  /** Default 0. */
  readonly latenessNs?: number;
  /**
   * What becomes of items whose window has left: counted and dropped, passed on by themselves on
   * `latePath`, or used for a corrected result with `metadata.window.isUpdate`. Default `drop`.
   */
  readonly late?: 'drop' | 'sideOutput' | 'update';
  /** Default `late`. */
  readonly latePath?: string;
  /** How long a window can be corrected after it has left. Later items are dropped. Default: 10 windows. */
  readonly updateWithinNs?: number;
}

/**
 * Collects items and lets them leave as one: at `batchSize`, at `timeoutNs` of media time after the
 * first, or at the end, on the path of the newest. An item that itself comes at the timeout begins the
 * next collection. Why it left is in `metadata.collector`, a {@link CollectorMetadata}.
 */
export interface CollectorSpec extends BufferingSpec {
  readonly kind: 'collector';
  readonly batchSize: number;
  /** Default: none. */
  readonly timeoutNs?: number;
}

/** `metadata.join` of an item that a join let go alone. */
export interface JoinMetadata {
  readonly isPartial: true;
  /** Paths that the item came on. */
  readonly paths: readonly string[];
}

/** `metadata.window` of what a window gives. */
export interface WindowMetadata {
  readonly startNs: number;
  /** Exclusive. */
  readonly endNs: number;
  readonly itemCount: number;
  /** True for a corrected result, after late items. */
  readonly isUpdate: boolean;
}

/** `metadata.collector` of what a collector gives. */
export interface CollectorMetadata {
  readonly itemCount: number;
  readonly reason: 'size' | 'timeout' | 'flush';
}

/** Adds an observation worked out from those that an item carries. */
export interface CascadeFusionSpec {
  readonly kind: 'cascadeFusion';
  /** Gives the observation at once, or `undefined` / `null` for "saw nothing". */
  readonly fuse: (data: FlowData) => ObservationInit | undefined | null;
  /** Source of the observation. Default: the name of the node. */
  readonly source?: string;
}

/** Code of a {@link CustomSpec} at work in one run. */
export interface CustomProcessor {
  /** Gives what leaves for an item: nothing, one item or several. */
  process(
    data: FlowData,
    ctx: ProcessContext,
  ): MaybePromise<FlowData | readonly FlowData[] | undefined>;
  /**
   * Earliest media time of what it keeps and may still give, `Infinity` if nothing: the watermark
   * behind the node waits for it. Without this, what leaves late is late.
   */
  earliestPendingNs?(): number;
  /** Gives what is still kept when the stream has ended. */
  flush?(): MaybePromise<readonly FlowData[]>;
}

/** Whatever the other kinds cannot do. Made anew for each run, so that state does not leak from run to run. */
export interface CustomSpec {
  readonly kind: 'custom';
  readonly create: () => CustomProcessor;
  /** Paths that it puts items on, if others than they came on. */
  readonly paths?: readonly string[];
  /** Names of the observations that it makes, so that modules behind it may depend on them. */
  readonly sources?: readonly string[];
}

/** What a node does: a plain description to which the backends give meaning. */
export type NodeSpec =
  | SourceSpec
  | ModuleSpec
  | FilterSpec
  | ObservationFilterSpec
  | SignalFilterSpec
  | SampleSpec
  | RateLimitSpec
  | TimestampSampleSpec
  | BranchSpec
  | FanOutSpec
  | MultiBranchSpec
  | ConditionalFanOutSpec
  | JoinSpec
  | WindowSpec
  | CollectorSpec
  | CascadeFusionSpec
  | CustomSpec;

/** Kind of a node. */
export type NodeKind = NodeSpec['kind'];

/** A named node of a graph. */
export interface FlowNode {
  readonly name: string;
  readonly spec: NodeSpec;
}

/** A connection: what leaves `from` enters `to`. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  /** Only items on this path. Default: all. */
  readonly path?: string;
}
