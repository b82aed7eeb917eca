import type { FrameSource } from 'visualbase';
import type { ExecuteOptions, Frames, FramesBySource } from '../backends/execution-backend.ts';
import { isFrames } from '../backends/is-frames.ts';
import type { PipelineResult } from '../backends/pipeline-result.ts';
import { doThenAlways, withSuppressed } from '../core/suppressed-errors.ts';
import { FlowGraph } from '../flow/flow-graph.ts';
import { PluginRegistry } from '../plugin/plugin-registry.ts';
import {
  prepareRun,
  resolveModules,
  type BackendChoice,
  type ModuleChoice,
} from './prepare-run.ts';
import { openVideo, refuseSourceOptions, type SourceOptions } from './source-options.ts';
import type { Video } from './video.ts';

/** What to run over a video: either modules or a graph. */
export type RunSubject =
  | {
      /** Modules to run on every frame, in any order; by name, with options or not, those of installed plugins. */
      readonly modules: readonly ModuleChoice[];
      readonly graph?: undefined;
    }
  | { readonly graph: FlowGraph; readonly modules?: undefined };

/** Options of {@link run}; those of the source apply when `video` is a text. */
export type RunOptions = RunSubject &
  BackendChoice &
  Omit<ExecuteOptions, 'isolation'> &
  SourceOptions;

/**
 * Runs modules, or a graph, over a video: the shortest way from a file to observations.
 *
 * @param video - Whatever `openSource` of visualbase understands (the path of a file, `rtsp://...`,
 * `camera:0`, `shots/`, `lavfi:...`), or anything that yields frames; for a graph with several sources,
 * those by name of the source.
 * @throws VisualError `VP_GRAPH_INVALID`, `VP_PLUGIN_NOT_FOUND`; what opening the source and
 * `execute` of the backend throw.
 *
 * @example
 * ```ts
 * const { triggers } = await run('talk.mp4', { modules: ['face.detect', smile], fps: 10 });
 * ```
 */
export async function run(video: Video, options: RunOptions): Promise<PipelineResult> {
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

/** Opens what is a text in a video, and closes it afterwards. */
export async function runOn<T>(
  video: Video,
  options: SourceOptions & Pick<ExecuteOptions, 'signal'>,
  execute: (frames: Frames | FramesBySource) => Promise<T>,
): Promise<T> {
  const opened: FrameSource[] = [];
  const open = async (text: string): Promise<FrameSource> => {
    const source = await openVideo(text, options);
    opened.push(source);
    return source;
  };
  const openAndExecute = async (): Promise<T> => {
    if (typeof video === 'string') return execute(await open(video));
    if (isFrames(video)) {
      refuseSourceOptions(options);
      return execute(video);
    }
    const bySource: [string, Frames][] = [];
    for (const [name, one] of Object.entries(video)) {
      bySource.push([name, typeof one === 'string' ? await open(one) : one]);
    }
    if (opened.length === 0) refuseSourceOptions(options);
    return execute(Object.fromEntries(bySource));
  };
  return doThenAlways(openAndExecute, async () => {
    const closed = await Promise.allSettled(opened.map(async (source) => source.close()));
    const errors = closed.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    if (errors.length > 0) throw withSuppressed(errors[0], errors);
  });
}

/** The options that are for the backend. */
export function executeOptions(options: Omit<ExecuteOptions, 'isolation'>): ExecuteOptions {
  const { onFrame, onTrigger, onFlush, onObservation, onNodeError } = options;
  const { debug, observability, queue, nowMs, signal } = options;
  return {
    ...{ onFrame, onTrigger, onFlush, onObservation, onNodeError },
    ...{ debug, observability, queue, nowMs, signal },
  };
}
