import { FileSource, type FileSourceOptions } from 'visualbase';
import type { AnyModule } from '../core/module.ts';
import type { ExecutionBackend, FrameHandler, Frames } from '../backends/execution-backend.ts';
import type { PipelineResult } from '../backends/pipeline-result.ts';
import { SimpleBackend } from '../backends/simple/simple-backend.ts';
import { FlowGraph, type TriggerHandler } from '../flow/flow-graph.ts';

/** Options of {@link run}; those of the file source apply when `video` is a path. */
export interface RunOptions extends FileSourceOptions {
  /** Modules to run on every frame, in any order. */
  readonly modules: readonly AnyModule[];
  /** Default: a {@link SimpleBackend}. */
  readonly backend?: ExecutionBackend;
  readonly onTrigger?: TriggerHandler;
  readonly onFrame?: FrameHandler;
}

/**
 * Runs modules over a video: the shortest way from a file to observations.
 *
 * @param video - Path of a file, or anything that yields frames.
 * @throws What opening the file and {@link ExecutionBackend.execute} throw.
 *
 * @example
 * ```ts
 * const { triggers } = await run('talk.mp4', { modules: [faceDetect, smile], fps: 10 });
 * ```
 */
export async function run(video: string | Frames, options: RunOptions): Promise<PipelineResult> {
  const { modules, backend = new SimpleBackend(), onTrigger, onFrame, ...sourceOptions } = options;
  const graph = FlowGraph.fromModules(modules, { onTrigger });
  graph.assertValid();
  const { signal } = sourceOptions;
  if (typeof video !== 'string') return backend.execute(video, graph, { onFrame, signal });
  await using source = await FileSource.open(video, sourceOptions);
  return await backend.execute(source, graph, { onFrame, signal });
}
