import type { Frame } from 'visualbase';
import type { FlowData } from '../core/flow-data.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { FlowGraph } from '../flow/flow-graph.ts';
import type { PipelineResult } from './pipeline-result.ts';

/** Anything that yields frames in order of time: a source, an array, a generator. */
export type Frames = AsyncIterable<Frame> | Iterable<Frame>;

/**
 * Called for each frame, in order, with what left the graph for it. Returning exactly `false` ends
 * the run. The frame is borrowed until the returned promise, if any, settles.
 */
export type FrameHandler = (
  frame: Frame,
  results: readonly FlowData[],
) => MaybePromise<boolean | undefined | void>;

/** Options of {@link ExecutionBackend.execute}. */
export interface ExecuteOptions {
  readonly onFrame?: FrameHandler | undefined;
  /** Ends the run: the source is closed, modules are cleaned up, and the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A way to run graphs. The same graph gives the same results on every backend. */
export interface ExecutionBackend {
  readonly name: string;
  /**
   * Runs a graph over frames to their end. Modules are initialised before the first frame and
   * cleaned up whatever happens; the source is closed if it can be.
   *
   * @throws VisualError `VP_GRAPH_INVALID` before anything starts, `VP_MODULE_START_FAILED`,
   * `VP_MODULE_FAILED`, `VP_MODULE_TIMEOUT`, `VP_CLEANUP_FAILED`; what the source or a callback
   * throws, and the signal's reason, come through as they are.
   */
  execute(frames: Frames, graph: FlowGraph, options?: ExecuteOptions): Promise<PipelineResult>;
}
