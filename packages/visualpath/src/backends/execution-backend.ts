import type { Frame, VisualError } from 'visualbase';
import type { FlowData } from '../core/flow-data.ts';
import type { IsolationConfig } from '../core/isolation.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { Observation } from '../core/observation.ts';
import type { FlowGraph, TriggerHandler } from '../flow/flow-graph.ts';
import type { ObservabilityHub } from '../observability/observability-hub.ts';
import type { DebugHooks } from './debug-hooks.ts';
import type { PipelineResult } from './pipeline-result.ts';

/** Anything that yields frames in order of time: a source, an array, a generator. */
export type Frames = AsyncIterable<Frame> | Iterable<Frame>;

/** Frames for a graph with several sources, by the name of the source node. They are merged by time. */
export type FramesBySource = Readonly<Record<string, Frames>>;

/**
 * Called for each frame, in order, with what left the graph in its turn. Returning exactly `false`
 * ends the run. The frame is borrowed until the returned promise, if any, settles.
 */
export type FrameHandler = (
  frame: Frame,
  results: readonly FlowData[],
) => MaybePromise<boolean | undefined | void>;

/**
 * What becomes of an item on which the code of a node (not of a module) throws: `raise` ends the run
 * with `VP_NODE_FAILED`, `drop` drops the item and counts it. A function decides case by case.
 */
export type NodeErrorPolicy =
  'raise' | 'drop' | ((error: VisualError, data?: FlowData) => 'raise' | 'drop');

/** What happens to frames that come faster than they are processed. */
export type Overflow =
  /** The source waits. For files. */
  | 'wait'
  /** The oldest waiting frame goes. */
  | 'dropOldest'
  /** The new frame goes. */
  | 'dropNewest'
  /** Only the newest frame waits; the same as `dropOldest` with a capacity of 1. */
  | 'latest';

/**
 * A queue between the source and the graph, for sources that give frames when they come. Those that give
 * frames when asked (synchronous iterables) cannot run over and get no queue.
 */
export interface QueueOptions {
  readonly overflow: Overflow;
  /** Frames that may wait. Default 8; `latest` has 1. */
  readonly capacity?: number;
}

/** Options of {@link ExecutionBackend.execute}. */
export interface ExecuteOptions {
  readonly onFrame?: FrameHandler | undefined;
  /** Called besides the graph's own handler, after it. */
  readonly onTrigger?: TriggerHandler | undefined;
  /** Called once at the end of the stream with what buffering nodes gave up, if there is any. */
  readonly onFlush?: ((results: readonly FlowData[]) => MaybePromise<void>) | undefined;
  /**
   * Called for every observation that a module made, in order of frames, before the frame's
   * triggers: also for those of items that a later node drops. A promise is waited for.
   */
  readonly onObservation?: ((observation: Observation) => MaybePromise<void>) | undefined;
  /** Default `raise`. */
  readonly onNodeError?: NodeErrorPolicy | undefined;
  /** Watches nodes at work; costs time. */
  readonly debug?: DebugHooks | undefined;
  /** Where the run is traced. Default: the hub of the process, which is off until it is configured. */
  readonly observability?: ObservabilityHub | undefined;
  /** A queue in front of the graph. Default: none, frames are taken from the source when needed. */
  readonly queue?: QueueOptions | undefined;
  /** Which modules to isolate, for backends that can. */
  readonly isolation?: IsolationConfig | undefined;
  /** The clock of `rateLimit` nodes, in milliseconds. Default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
  /** Ends the run: the source is closed, modules are cleaned up, and the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A graph with its modules started, to run over several videos one after the other. */
export interface ExecutionSession extends AsyncDisposable {
  /** Runs the graph over frames to their end. From the second time on, modules are reset first. */
  execute(frames: Frames | FramesBySource, options?: ExecuteOptions): Promise<PipelineResult>;
  /** Aborts a run that is under way (`VP_CLOSED`) and waits for it, then cleans every module up. Idempotent. @throws VisualError `VP_CLEANUP_FAILED`. */
  close(): Promise<void>;
}

/** A way to run graphs. The same graph gives the same results on every backend. */
export interface ExecutionBackend {
  readonly name: string;
  /**
   * Runs a graph over frames to their end. Modules are initialised before the first frame and
   * cleaned up whatever happens; the source is closed if it can be.
   *
   * @throws VisualError `VP_GRAPH_INVALID` before anything starts, `VP_MODULE_START_FAILED`,
   * `VP_MODULE_FAILED`, `VP_MODULE_TIMEOUT`, `VP_NODE_FAILED`, `VP_CLEANUP_FAILED`; what the source or
   * a callback throws, and the signal's reason, come through as they are.
   */
  execute(
    frames: Frames | FramesBySource,
    graph: FlowGraph,
    options?: ExecuteOptions,
  ): Promise<PipelineResult>;
  /** Starts the modules of a graph once for several videos. Backends without it start them for each. */
  open?(graph: FlowGraph, options?: SessionOptions): Promise<ExecutionSession>;
}

/** Options of {@link ExecutionBackend.open}. */
export interface SessionOptions {
  readonly isolation?: IsolationConfig | undefined;
  readonly signal?: AbortSignal | undefined;
}
