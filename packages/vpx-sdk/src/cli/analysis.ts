import { nsToSec, openSource, type Frame } from 'visualbase';
import { formatClock, openProgress } from 'visualbase/command';
import {
  FlowGraph,
  run,
  type MaybePromise,
  type Observation,
  type PipelineResult,
} from 'visualpath';
import type { OpenedModules } from './open-modules.ts';

/** What is looked at, and how. */
export interface AnalysisOptions {
  readonly input: string;
  readonly fps?: number | undefined;
  readonly maxSide?: number | undefined;
  readonly maxFrames?: number | undefined;
  /** For the line of progress; none without it. */
  readonly verbs?: { readonly doing: string; readonly done: string } | undefined;
  readonly signal: AbortSignal;
}

/** Facts about the input. */
interface InputFacts {
  /** Frames a second that will come, roughly; undefined where nobody knows. */
  readonly fps: number | undefined;
}

/** What takes the results. */
export interface AnalysisSink {
  /** Called once, before the first frame. */
  start?(facts: InputFacts): void;
  /** Called for each frame, which is borrowed until the promise settles; exactly `false` ends it. */
  frame(frame: Frame, observations: readonly Observation[]): MaybePromise<boolean | void>;
}

/** What became of it. */
export interface Analysis {
  readonly frameCount: number;
  readonly isInterrupted: boolean;
  /** Undefined after an interruption. */
  readonly result: PipelineResult | undefined;
}

/** Runs modules over an input. An interruption is no error: what was seen by then has been given. */
export async function analyse(
  { modules, checkOptions }: OpenedModules,
  options: AnalysisOptions,
  sink: AnalysisSink,
): Promise<Analysis> {
  const { input, fps, maxSide, maxFrames = Infinity, signal } = options;
  let frameCount = 0;
  const progress = options.verbs && openProgress(process.stderr, options.verbs);
  try {
    const graph = FlowGraph.fromModules(modules);
    graph.assertValid();
    await using source = await openSource(input, {
      signal,
      ...(fps !== undefined && { fps }),
      ...(maxSide !== undefined && { maxSide }),
    });
    const facts = factsOf(source, fps);
    sink.start?.(facts);
    const totalSec = Math.min(facts.durationSec, maxFrames / (facts.fps ?? Infinity)) || 0;
    const result = await run(source, {
      graph,
      signal,
      onFrame: async (frame, results) => {
        if (frameCount === 0) checkOptions();
        frameCount += 1;
        const goesOn = await sink.frame(
          frame,
          results.flatMap(({ observations }) => observations),
        );
        progress?.update({
          doneSec: nsToSec(frame.tSrcNs),
          totalSec,
          note: `${frameCount} frames`,
        });
        return goesOn !== false && frameCount < maxFrames;
      },
    });
    return { frameCount, isInterrupted: false, result };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { frameCount, isInterrupted: true, result: undefined };
  } finally {
    progress?.stop();
  }
}

interface SourceFacts extends InputFacts {
  /** 0 where nobody knows. */
  readonly durationSec: number;
}

function factsOf(source: object, fps: number | undefined): SourceFacts {
  const info = 'info' in source ? (source.info as Partial<MediaFacts>) : {};
  const ownFps = info.video?.fps ?? 0;
  return {
    durationSec: nsToSec(info.durationNs ?? 0),
    fps: fps ?? (ownFps > 0 ? ownFps : undefined),
  };
}

interface MediaFacts {
  readonly durationNs: number;
  readonly video: { readonly fps: number };
}

/** What an analysis came to, for people. */
export function summaryOf({ frameCount, isInterrupted, result }: Analysis): string[] {
  if (result === undefined) return [`${isInterrupted ? 'Stopped after' : ''} ${frameCount} frames`];
  const { stats, triggers } = result;
  const silent = Object.entries(stats.modules).filter(([, one]) => one.observationCount === 0);
  return [
    `${frameCount} frames in ${formatClock(stats.wallMs / 1000)} (${stats.fps.toFixed(1)} a second)`,
    ...Object.entries(stats.modules).map(
      ([name, one]) =>
        `${name}: ${one.observationCount} observations, ${one.meanMs.toFixed(1)} ms a frame`,
    ),
    ...(triggers.length > 0 ? [`${triggers.length} triggers`] : []),
    ...(frameCount > 0 ? silent.map(([name]) => `${name} gave nothing in any frame`) : []),
    ...stats.warnings,
  ];
}
