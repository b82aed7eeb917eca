import { Trigger } from '../trigger/trigger.ts';
import type { ClipContainer } from './clip-job.ts';
import { extractClip, type ClipResult } from './extract-clip.ts';
import {
  resolveClipOptions,
  type ClipRange,
  type ClipSettings,
  type ClipTarget,
} from './extract-clip-options.ts';

const DEFAULT_CONCURRENCY = 2;

/** One clip for {@link extractClips}: what, and where it goes if not where the others go. */
export interface ClipRequestInit {
  /** A range, or a trigger, whose clip range and label are taken. */
  readonly what: ClipRange | Trigger;
  /** Any text; made safe for file names. Default: the trigger's label, else `clip`. */
  readonly name?: string;
  /** One exact path, ending in `.mp4` or `.mkv`, instead of the folder. */
  readonly path?: string;
}

/** What became of one clip. */
export type ClipOutcome =
  | { readonly status: 'done'; readonly clip: ClipResult }
  | { readonly status: 'failed'; readonly error: unknown };

/** How far {@link extractClips} is. */
export interface ClipProgress {
  /** Clips that are done or have failed, this one included. */
  readonly doneCount: number;
  readonly totalCount: number;
  /** The clip that is ready now: its place among the requests. */
  readonly index: number;
  readonly outcome: ClipOutcome;
}

/** Options of {@link extractClips}. */
export interface ExtractClipsOptions extends ClipSettings {
  /** Folder of the clips that have no path; created when it is missing. */
  readonly outputDir?: string;
  /** Of the clips in `outputDir`. Default `mp4`. */
  readonly container?: ClipContainer;
  /** Clips that are cut at a time, from 1. Default 2. */
  readonly concurrency?: number;
  /** Called after each clip. What it throws ends the call, once the clips under way are done. */
  readonly onProgress?: (progress: ClipProgress) => void;
}

/**
 * Cuts several clips out of a video file, some at a time. A clip that fails does not keep the others
 * from being cut.
 *
 * When `signal` aborts, clips under way are given up, others are not begun, finished ones stay, and
 * the outcomes of those that were not finished carry the signal's reason.
 *
 * @returns What became of each request, in their order. Never rejects for a clip.
 * @throws TypeError or RangeError for wrong options, before anything is cut.
 */
export async function extractClips(
  sourcePath: string,
  requests: readonly ClipRequestInit[],
  options: ExtractClipsOptions,
): Promise<readonly ClipOutcome[]> {
  const { outputDir, container, concurrency = DEFAULT_CONCURRENCY, onProgress, ...rest } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new RangeError(
      `The concurrency option must be a whole number from 1, got ${String(concurrency)}.`,
    );
  }
  const jobs = requests.map((request) => {
    const job = { what: request.what, ...rest, ...targetOf(request, outputDir, container) };
    resolveClipOptions(request.what, job);
    return job;
  });
  const outcomes: ClipOutcome[] = [];
  let [nextIndex, doneCount, isBroken] = [0, 0, false];
  const work = async (): Promise<void> => {
    while (nextIndex < jobs.length && !isBroken) {
      const index = nextIndex++;
      const { what, ...settings } = jobs[index]!;
      const outcome = await settle(extractClip(sourcePath, what, settings));
      outcomes[index] = outcome;
      doneCount += 1;
      try {
        onProgress?.({ doneCount, totalCount: jobs.length, index, outcome });
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, jobs.length) }, work);
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return outcomes;
}

async function settle(clip: Promise<ClipResult>): Promise<ClipOutcome> {
  try {
    return { status: 'done', clip: await clip };
  } catch (error) {
    return { status: 'failed', error };
  }
}

function targetOf(
  { what, path, name }: ClipRequestInit,
  outputDir: string | undefined,
  container: ClipContainer | undefined,
): ClipTarget {
  if (path !== undefined) {
    if (name === undefined) return { path };
    throw new TypeError(`A clip has either a name or a path, got ${name} and ${path}.`);
  }
  if (outputDir === undefined) {
    const label = what instanceof Trigger ? what.label : `${what.startNs} to ${what.endNs} ns`;
    throw new TypeError(`The clip ${label} has no path; give it one, or the outputDir option.`);
  }
  return {
    outputDir,
    ...(name !== undefined && { name }),
    ...(container !== undefined && { container }),
  };
}
