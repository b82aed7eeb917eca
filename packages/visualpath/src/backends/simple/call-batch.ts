import { VisualError, type Frame } from 'visualbase';
import { isPromise, toPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext, ProcessResult } from '../../core/module.ts';
import { callWithTimeout } from './call-with-timeout.ts';
import type { ModuleStep } from './module-step.ts';

/**
 * Calls `processBatch`. The time limit of the module's policy counts for each frame.
 *
 * @returns Undefined if the call failed or took too long: the frames are then to be tried one by one.
 * @throws VisualError `VP_MODULE_BAD_BATCH` if the number of results is not that of the frames.
 */
export function callBatch(
  step: ModuleStep,
  frames: readonly Frame[],
  depsList: readonly object[],
  ctx: ProcessContext,
): MaybePromise<readonly ProcessResult[] | undefined> {
  const { counters, policy } = step;
  counters.batchCount += 1;
  const startedMs = performance.now();
  const timeoutMs = policy?.timeoutMs === undefined ? undefined : policy.timeoutMs * frames.length;
  const failed = (error: unknown): void => {
    counters.errorCount += 1;
    step.watch.onError?.(error);
  };
  const finish = (results: readonly ProcessResult[]): readonly ProcessResult[] => {
    checkLength(step, frames, results);
    counters.callCount += frames.length;
    const perFrameMs = (performance.now() - startedMs) / frames.length;
    for (const [i, result] of results.entries()) {
      counters.latency.add(perFrameMs);
      const hasSeen = result !== undefined && result !== null;
      if (hasSeen) counters.observationCount += 1;
      step.watch.onCall?.(frames[i]!, perFrameMs, hasSeen ? result.signals : undefined);
    }
    return results;
  };
  let results: MaybePromise<readonly ProcessResult[]>;
  try {
    results = callWithTimeout(step, timeoutMs, frames, ctx, (limited) =>
      step.module.processBatch(frames, depsList as readonly never[], limited),
    );
  } catch (error) {
    failed(error);
    return undefined;
  }
  if (!isPromise(results)) return finish(results);
  return toPromise(results).then(finish, (error: unknown) => {
    failed(error);
    return undefined;
  });
}

function checkLength(
  step: ModuleStep,
  frames: readonly Frame[],
  results: readonly ProcessResult[],
): void {
  const isList: boolean = Array.isArray(results);
  if (isList && results.length === frames.length) return;
  const got = isList ? `${results.length} results` : `a ${typeof results}`;
  throw new VisualError(
    'VP_MODULE_BAD_BATCH',
    `Module "${step.name}" gave ${got} for a batch of ${frames.length} frames. processBatch must return one result for each frame, undefined where it saw nothing.`,
    { details: { module: step.name, frameCount: frames.length } },
  );
}
