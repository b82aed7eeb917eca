import { setTimeout as sleep } from 'node:timers/promises';
import { VisualError, type Frame } from 'visualbase';
import type { ErrorPolicy } from '../../core/error-policy.ts';
import { isPromise, toPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext, ProcessResult } from '../../core/module.ts';
import { observe, type Observation } from '../../core/observation.ts';
import { CallTimeout, callWithTimeout, timedOut } from './call-with-timeout.ts';
import { describeFrame } from './describe-frame.ts';
import type { ModuleStep } from './module-step.ts';

const YIELD_EVERY_RETRIES = 64;

/**
 * Calls a module for one frame under its error policy. Stays synchronous as long as the module does.
 */
export function callModule(
  step: ModuleStep,
  frame: Frame,
  deps: object,
  ctx: ProcessContext,
): MaybePromise<Observation | undefined> {
  const { counters } = step;
  counters.callCount += 1;
  const startedMs = performance.now();
  let result: MaybePromise<ProcessResult>;
  if (step.policy !== undefined) {
    result = callWithPolicy(step, step.policy, frame, deps, ctx);
  } else {
    try {
      result = step.process(frame, deps, ctx);
    } catch (error) {
      throw moduleFailed(step, frame, error);
    }
    if (isPromise(result)) {
      result = toPromise(result).catch((error: unknown) => {
        throw moduleFailed(step, frame, error);
      });
    }
  }
  if (!isPromise(result)) return finish(step, frame, startedMs, result);
  return result.then((settled) => finish(step, frame, startedMs, settled));
}

function finish(
  step: ModuleStep,
  frame: Frame,
  startedMs: number,
  result: ProcessResult,
): Observation | undefined {
  const { counters } = step;
  const durationMs = performance.now() - startedMs;
  counters.latency.add(durationMs);
  let seen: Observation | undefined;
  if (result !== undefined && result !== null) {
    counters.observationCount += 1;
    seen = observe(step.name, frame, result);
  }
  step.watch.onCall?.(frame, durationMs, seen?.signals);
  return seen;
}

function moduleFailed(step: ModuleStep, frame: Frame, cause: unknown): VisualError {
  countError(step, cause);
  return failure(step, frame, cause);
}

function countError(step: ModuleStep, error: unknown): void {
  // Time-outs have a figure of their own.
  if (!(error instanceof CallTimeout)) step.counters.errorCount += 1;
  step.watch.onError?.(error);
}

function failure(step: ModuleStep, frame: Frame, cause: unknown): VisualError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new VisualError(
    'VP_MODULE_FAILED',
    `Module "${step.name}" failed on ${describeFrame(frame)}: ${message}`,
    {
      cause,
      details: { module: step.name, frameId: frame.frameId, tNs: frame.tSrcNs },
    },
  );
}

function callWithPolicy(
  step: ModuleStep,
  policy: ErrorPolicy,
  frame: Frame,
  deps: object,
  ctx: ProcessContext,
): MaybePromise<ProcessResult> {
  const tryOnce = (): MaybePromise<ProcessResult> =>
    callWithTimeout(step, policy.timeoutMs, [frame], ctx, (limited) =>
      step.process(frame, deps, limited),
    );
  try {
    const result = tryOnce();
    if (!isPromise(result)) return result;
    return toPromise(result).catch((error: unknown) =>
      tryAgain(step, policy, frame, ctx, tryOnce, error),
    );
  } catch (error) {
    // Without further tries there is nothing to wait for.
    if (!policy.maxRetries) {
      countError(step, error);
      return fallBack(step, policy, frame, error);
    }
    return tryAgain(step, policy, frame, ctx, tryOnce, error);
  }
}

async function tryAgain(
  step: ModuleStep,
  policy: ErrorPolicy,
  frame: Frame,
  ctx: ProcessContext,
  tryOnce: () => MaybePromise<ProcessResult>,
  firstError: unknown,
): Promise<ProcessResult> {
  let error = firstError;
  for (let retriesLeft = policy.maxRetries ?? 0; ; retriesLeft--) {
    if (ctx.signal.aborted) throw error;
    countError(step, error);
    if (retriesLeft === 0) return fallBack(step, policy, frame, error);
    step.counters.retryCount += 1;
    // Tries without a pause must not keep timers and signals from being noticed.
    if (step.counters.retryCount % YIELD_EVERY_RETRIES === 0) await new Promise(setImmediate);
    if (policy.retryDelayMs) await sleep(policy.retryDelayMs, undefined, { signal: ctx.signal });
    if (isOver(ctx)) throw error;
    try {
      return await tryOnce();
    } catch (thrown) {
      error = thrown;
    }
  }
}

/** Asked anew: it changes while one waits. */
const isOver = ({ signal }: ProcessContext): boolean => signal.aborted;

function fallBack(
  step: ModuleStep,
  policy: ErrorPolicy,
  frame: Frame,
  error: unknown,
): ProcessResult {
  const translated =
    error instanceof CallTimeout ? timedOut(step, frame, error) : failure(step, frame, error);
  if (policy.fallback === 'raise') throw translated;
  if (policy.fallback === 'skip') return undefined;
  return {
    signals: policy.defaultSignals ?? {},
    metadata: { error: { code: translated.code, message: translated.message } },
  };
}
