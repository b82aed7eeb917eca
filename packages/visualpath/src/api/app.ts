import type { Frame } from 'visualbase';
import type { ExecuteOptions, ExecutionSession } from '../backends/execution-backend.ts';
import type { PipelineResult } from '../backends/pipeline-result.ts';
import type { FlowData } from '../core/flow-data.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { AnyModule } from '../core/module.ts';
import type { Observation } from '../core/observation.ts';
import { doThenAlways, withSuppressed } from '../core/suppressed-errors.ts';
import { FlowGraph } from '../flow/flow-graph.ts';
import { ObservationLog } from '../log/observation-log.ts';
import type { ObservationLogOptions } from '../log/observation-log-options.ts';
import { PluginRegistry } from '../plugin/plugin-registry.ts';
import { openSession } from './open-session.ts';
import {
  prepareRun,
  resolveModules,
  type BackendChoice,
  type ModuleChoice,
} from './prepare-run.ts';
import { executeOptions, runOn } from './run.ts';
import type { SourceOptions } from './source-options.ts';
import type { Video } from './video.ts';

/** What became of one video of {@link App.runBatch}. */
export type VideoOutcome =
  | { readonly video: Video; readonly status: 'complete'; readonly result: PipelineResult }
  | { readonly video: Video; readonly status: 'failed'; readonly error: unknown }
  /** The signal was aborted before or while it ran. */
  | { readonly video: Video; readonly status: 'aborted' };

/** What {@link App.runBatch} gives. */
export interface BatchResult {
  /** In the order of the videos. */
  readonly outcomes: readonly VideoOutcome[];
  readonly completeCount: number;
  readonly failedCount: number;
  /** Whether the signal ended the batch. */
  readonly isAborted: boolean;
}

/** Options of {@link App.run}; those of the source apply to videos that are texts. */
export interface AppRunOptions
  extends
    BackendChoice,
    SourceOptions,
    Pick<ExecuteOptions, 'onNodeError' | 'debug' | 'observability' | 'queue' | 'nowMs' | 'signal'> {
  /** Memory and folder of the log that `afterRun` gets. */
  readonly log?: ObservationLogOptions;
}

/**
 * An application: modules, a graph, and hooks for what happens. Override what you need; every hook has
 * a default. The hooks run in this order: `setup`, `configureModules`, `configureGraph`, then for each
 * video `onVideoStart`, `onTrigger` and `onFrame` as they come, `onFlush`, `afterRun`, `onVideoEnd`, and
 * at last `teardown`, whatever happened before.
 *
 * @example
 * ```ts
 * class Brightest extends App {
 *   override configureModules() {
 *     return [brightness];
 *   }
 *   override async afterRun(_result: PipelineResult, log: ObservationLog) {
 *     const { tNs, values } = await log.series('frame.brightness', 'brightness');
 *     console.log(tNs[values.indexOf(Math.max(...values))]);
 *   }
 * }
 * await new Brightest().run('party.mp4', { fps: 2 });
 * ```
 */
export class App {
  /** Prepares what the app itself needs. */
  setup(): MaybePromise<void> {
    return undefined;
  }

  /** Gives the modules to run; by name those of installed plugins. */
  configureModules(): MaybePromise<readonly ModuleChoice[]> {
    return [];
  }

  /** Makes the graph. Default: every module looks at every frame. */
  configureGraph(modules: readonly AnyModule[]): MaybePromise<FlowGraph> {
    return FlowGraph.fromModules(modules);
  }

  /** Called before a video is opened. */
  onVideoStart(_video: Video, _index: number): MaybePromise<void> {
    return undefined;
  }

  /** Called for each frame, in order; exactly `false` ends the video. */
  onFrame(_frame: Frame, _results: readonly FlowData[]): MaybePromise<boolean | undefined | void> {
    return undefined;
  }

  /** Called for each trigger, before the frame's `onFrame`. */
  onTrigger(_data: FlowData, _observation: Observation): MaybePromise<void> {
    return undefined;
  }

  /** Called at the end of a video with what windows, joins and collectors gave up then, if anything. */
  onFlush(_results: readonly FlowData[]): MaybePromise<void> {
    return undefined;
  }

  /**
   * Called when a video has been seen to its end, with every observation of it. The log is closed
   * afterwards. Overriding this is what makes the app keep a log.
   */
  afterRun(_result: PipelineResult, _log: ObservationLog, _video: Video): MaybePromise<void> {
    return undefined;
  }

  /** Called when a video is done, whatever became of it. */
  onVideoEnd(_outcome: VideoOutcome, _index: number): MaybePromise<void> {
    return undefined;
  }

  /** Gives back what `setup` acquired. Called also when `setup` or anything after it threw. */
  teardown(): MaybePromise<void> {
    return undefined;
  }

  /** Runs the app over one video. @throws What `run` throws, and what a hook throws; the first of several. */
  async run(video: Video, options: AppRunOptions = {}): Promise<PipelineResult> {
    const outcomes: VideoOutcome[] = [];
    try {
      await this.#runAndTearDown([video], options, outcomes);
    } catch (error) {
      const [outcome] = outcomes;
      if (outcome === undefined || outcome.status === 'complete') throw error;
      throw withSuppressed(errorOf(outcome, options), [error]);
    }
    const [outcome] = outcomes;
    if (outcome?.status === 'complete') return outcome.result;
    throw outcome === undefined ? options.signal?.reason : errorOf(outcome, options);
  }

  /**
   * Runs the app over several videos. Modules are started once and reset between videos. A video that
   * fails does not keep the others from being run; an aborted signal ends the batch, and what is
   * finished by then is in the result.
   *
   * @throws What concerns all videos: errors of `setup`, of the configuring hooks, of starting and
   * cleaning up modules, of `teardown`, of `onVideoStart` and `onVideoEnd`. Of several it is the first;
   * the others are in its `suppressed`.
   */
  async runBatch(videos: readonly Video[], options: AppRunOptions = {}): Promise<BatchResult> {
    const outcomes: VideoOutcome[] = [];
    await this.#runAndTearDown(videos, options, outcomes);
    for (const video of videos.slice(outcomes.length)) outcomes.push({ video, status: 'aborted' });
    return {
      outcomes,
      completeCount: outcomes.filter(({ status }) => status === 'complete').length,
      failedCount: outcomes.filter(({ status }) => status === 'failed').length,
      isAborted: outcomes.some(({ status }) => status === 'aborted'),
    };
  }

  #runAndTearDown(
    videos: readonly Video[],
    options: AppRunOptions,
    outcomes: VideoOutcome[],
  ): Promise<void> {
    return doThenAlways(
      async () => {
        try {
          await this.setup();
          if (options.signal?.aborted !== true) await this.#runAll(videos, options, outcomes);
        } catch (error) {
          if (!isReasonOf(options.signal, error)) throw error;
        }
      },
      () => this.teardown(),
    );
  }

  async #runAll(
    videos: readonly Video[],
    options: AppRunOptions,
    outcomes: VideoOutcome[],
  ): Promise<void> {
    const registry = options.registry ?? new PluginRegistry();
    const modules = await resolveModules(await this.configureModules(), registry);
    const graph = await this.configureGraph(modules);
    graph.assertValid();
    const { backend, isolation } = await prepareRun(graph, options, registry);
    const { signal } = options;
    const session = await openSession(backend, graph, { isolation, signal });
    await doThenAlways(
      async () => {
        for (const [index, video] of videos.entries()) {
          if (signal?.aborted === true) return;
          await this.onVideoStart(video, index);
          const outcome = await this.#runVideo(video, session, options);
          outcomes.push(outcome);
          await this.onVideoEnd(outcome, index);
        }
      },
      () => session.close(),
    );
  }

  async #runVideo(
    video: Video,
    session: ExecutionSession,
    options: AppRunOptions,
  ): Promise<VideoOutcome> {
    const keepsLog = this.afterRun !== App.prototype.afterRun;
    try {
      const log = keepsLog ? new ObservationLog(options.log) : undefined;
      const result = await doThenAlways(
        () => this.#execute(video, session, options, log),
        () => log?.close(),
      );
      return { video, status: 'complete', result };
    } catch (error) {
      if (isReasonOf(options.signal, error)) return { video, status: 'aborted' };
      return { video, status: 'failed', error };
    }
  }

  async #execute(
    video: Video,
    session: ExecutionSession,
    options: AppRunOptions,
    log: ObservationLog | undefined,
  ): Promise<PipelineResult> {
    const result = await runOn(video, options, (frames) =>
      session.execute(frames, {
        ...executeOptions(options),
        onFrame: (frame, results) => this.onFrame(frame, results),
        onTrigger: (data, observation) => this.onTrigger(data, observation),
        onFlush: (results) => this.onFlush(results),
        ...(log && {
          onObservation: (observation) => {
            log.append(observation);
            return log.drain();
          },
        }),
      }),
    );
    if (log !== undefined) await this.afterRun(result, log, video);
    return result;
  }
}

const isReasonOf = (signal: AbortSignal | undefined, error: unknown): boolean =>
  signal?.aborted === true && error === signal.reason;

/** Why a video is not complete. */
const errorOf = (
  outcome: Exclude<VideoOutcome, { readonly status: 'complete' }>,
  { signal }: AppRunOptions,
): unknown => (outcome.status === 'failed' ? outcome.error : signal?.reason);
