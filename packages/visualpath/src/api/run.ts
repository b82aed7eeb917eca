import { FileSource, type FileSourceOptions } from 'visualbase';
import type { ExecuteOptions, Frames, FramesBySource } from '../backends/execution-backend.ts';
import type { PipelineResult } from '../backends/pipeline-result.ts';
import type { AnyModule } from '../core/module.ts';
import { FlowGraph } from '../flow/flow-graph.ts';
import { PluginRegistry } from '../plugin/plugin-registry.ts';
import { prepareRun, resolveModules, type BackendChoice } from './prepare-run.ts';

/** What to run over a video: either modules or a graph. */
export type RunSubject =
  | {
      /** Modules to run on every frame, in any order; by name those of installed plugins. */
      readonly modules: readonly (AnyModule | string)[];
      readonly graph?: undefined;
    }
  | { readonly graph: FlowGraph; readonly modules?: undefined };

/** Options of {@link run}; those of the file source apply when `video` is a path. */
export type RunOptions = RunSubject &
  BackendChoice &
  Omit<ExecuteOptions, 'isolation'> &
  Omit<FileSourceOptions, 'signal'>;

/**
 * Runs modules, or a graph, over a video: the shortest way from a file to observations.
 *
 * @param video - Path of a file, or anything that yields frames; for a graph with several sources,
 * those by name.
 * @throws VisualError `VP_GRAPH_INVALID`, `VP_PLUGIN_NOT_FOUND`; what opening the file and
 * `execute` of the backend throw.
 *
 * @example
 * ```ts
 * const { triggers } = await run('talk.mp4', { modules: ['face.detect', smile], fps: 10 });
 * ```
 */
export async function run(
  video: string | Frames | FramesBySource,
  options: RunOptions,
): Promise<PipelineResult> {
  options.signal?.throwIfAborted();
  const registry = options.registry ?? new PluginRegistry();
  const graph = await graphOf(options, registry);
  graph.assertValid();
  const { backend, isolation } = await prepareRun(graph, options, registry);
  return runOn(video, options, (frames) =>
    backend.execute(frames, graph, { ...executeOptions(options), isolation }),
  );
}

async function graphOf(subject: RunSubject, registry: PluginRegistry): Promise<FlowGraph> {
  if ((subject.modules === undefined) === (subject.graph === undefined)) {
    throw new TypeError('Give either `modules` or `graph`.');
  }
  if (subject.graph !== undefined) return subject.graph;
  return FlowGraph.fromModules(await resolveModules(subject.modules, registry));
}

/** Opens a video where it is a path, and closes it afterwards. */
export async function runOn<T>(
  video: string | Frames | FramesBySource,
  options: FileSourceOptions,
  execute: (frames: Frames | FramesBySource) => Promise<T>,
): Promise<T> {
  if (typeof video !== 'string') return execute(video);
  await using source = await FileSource.open(video, fileSourceOptions(options));
  return await execute(source);
}

/** The options that are for the backend. */
export function executeOptions(options: Omit<ExecuteOptions, 'isolation'>): ExecuteOptions {
  const { onFrame, onTrigger, onFlush, onObservation, onNodeError } = options;
  const { debug, queue, nowMs, signal } = options;
  return {
    ...{ onFrame, onTrigger, onFlush, onObservation, onNodeError },
    ...{ debug, queue, nowMs, signal },
  };
}

const FILE_OPTIONS = [
  'fps',
  'width',
  'height',
  'maxSide',
  'startSec',
  'endSec',
  'slotCount',
  'signal',
] as const;

function fileSourceOptions(options: FileSourceOptions): FileSourceOptions {
  return Object.fromEntries(
    FILE_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
}
