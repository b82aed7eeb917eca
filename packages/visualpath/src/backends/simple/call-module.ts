import { setTimeout as sleep } from 'node:timers/promises';
import { VisualError, type Frame } from 'visualbase';
import type { ErrorPolicy } from '../../core/error-policy.ts';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext, ProcessResult } from '../../core/module.ts';
import { observe, type Observation } from '../../core/observation.ts';
import type { PlanStep } from './plan.ts';

const at = (frame: Frame): string =>
  `frame ${frame.frameId} (${(frame.tSrcNs / 1e9).toFixed(3)} s)`;

/**
 * Calls a module for one frame under its error policy. Stays synchronous as long as the module does.
 */
export function callModule(
  step: PlanStep,
  frame: Frame,
  deps: object,
  ctx: ProcessContext,
): MaybePromise<Observation | undefined> {
  const { counters } = step;
  counters.callCount += 1;
  const startedMs = performance.now();
  const finish = (result: ProcessResult): Observation | undefined => {
    counters.latency.add(performance.now() - startedMs);
    if (result === undefined || result === null) return undefined;
    counters.observationCount += 1;
    return observe(step.name, frame, result);
  };
  if (step.policy !== undefined) {
    const result = callWithPolicy(step, step.policy, frame, deps, ctx);
    return isPromise(result) ? result.then(finish) : finish(result);
  }
  let result;
  try {
    result = step.process(frame, deps, ctx);
  } catch (error) {
    throw moduleFailed(step, frame, error);
  }
  if (!isPromise(result)) return finish(result);
  return result.then(finish, (error: unknown) => {
    throw moduleFailed(step, frame, error);
  });
}

function moduleFailed(step: PlanStep, frame: Frame, cause: unknown): VisualError {
  step.counters.errorCount += 1;
  return failure(step, frame, cause);
}

function failure(step: PlanStep, frame: Frame, cause: unknown): VisualError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new VisualError(
    'VP_MODULE_FAILED',
    `Module "${step.name}" failed on ${at(frame)}: ${message}`,
    {
      cause,
      details: { module: step.name, frameId: frame.frameId, tNs: frame.tSrcNs },
    },
  );
}

function callWithPolicy(
  step: PlanStep,
  policy: ErrorPolicy,
  frame: Frame,
  deps: object,
  ctx: ProcessContext,
): MaybePromise<ProcessResult> {
  const tryOnce = (): MaybePromise<ProcessResult> =>
    callWithTimeout(step, policy.timeoutMs, frame, deps, ctx);
  try {
    const result = tryOnce();
    if (!isPromise(result)) return result;
    return result.catch((error: unknown) => tryAgain(step, policy, frame, ctx, tryOnce, error));
  } catch (error) {
    return tryAgain(step, policy, frame, ctx, tryOnce, error);
  }
}

async function tryAgain(
  step: PlanStep,
  policy: ErrorPolicy,
  frame: Frame,
  ctx: ProcessContext,
  tryOnce: () => MaybePromise<ProcessResult>,
  firstError: unknown,
): Promise<ProcessResult> {
  let error = firstError;
  for (let retriesLeft = policy.maxRetries ?? 0; ; retriesLeft--) {
    if (ctx.signal.aborted) throw error;
    if (!(error instanceof CallTimeout)) step.counters.errorCount += 1;
    if (retriesLeft === 0) return fallBack(step, policy, frame, error);
    step.counters.retryCount += 1;
    if (policy.retryDelayMs) await sleep(policy.retryDelayMs, undefined, { signal: ctx.signal });
    try {
      return await tryOnce();
    } catch (thrown) {
      error = thrown;
    }
  }
}

function fallBack(
  step: PlanStep,
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

/** Marks a call that took too long; never leaves this file. */
class CallTimeout extends Error {
  readonly timeoutMs: number;
  readonly tookMs: number | undefined;
  constructor(timeoutMs: number, tookMs?: number) {
    super();
    this.timeoutMs = timeoutMs;
    this.tookMs = tookMs;
  }
}

function timedOut(step: PlanStep, frame: Frame, { timeoutMs, tookMs }: CallTimeout): VisualError {
  const took = tookMs === undefined ? '' : ` (it took ${tookMs.toFixed(1)} ms, without yielding)`;
  return new VisualError(
    'VP_MODULE_TIMEOUT',
    `Module "${step.name}" did not finish ${at(frame)} within ${timeoutMs} ms${took}. Raise its timeoutMs, or set its fallback to "skip" or "default".`,
    { details: { module: step.name, frameId: frame.frameId, tNs: frame.tSrcNs, timeoutMs } },
  );
}

function callWithTimeout(
  step: PlanStep,
  timeoutMs: number | undefined,
  frame: Frame,
  deps: object,
  ctx: ProcessContext,
): MaybePromise<ProcessResult> {
  if (timeoutMs === undefined) return step.process(frame, deps, ctx);
  const controller = new AbortController();
  const signal = AbortSignal.any([ctx.signal, controller.signal]);
  const startedMs = performance.now();
  const result = step.process(frame, deps, { signal });
  if (isPromise(result)) return raceTimeout(step, timeoutMs, frame, result, controller);
  const tookMs = performance.now() - startedMs;
  if (tookMs <= timeoutMs) return result;
  step.counters.timeoutCount += 1;
  reportOverrun(step, timeoutMs, tookMs);
  throw new CallTimeout(timeoutMs, tookMs);
}

async function raceTimeout(
  step: PlanStep,
  timeoutMs: number,
  frame: Frame,
  result: Promise<ProcessResult>,
  controller: AbortController,
): Promise<ProcessResult> {
  // The module may end late, with a frame that would be gone by then: keep it until the module is done.
  frame.retain();
  const settled = Promise.resolve(result).finally(() => frame.release());
  settled.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const timeout = new CallTimeout(timeoutMs);
      step.counters.timeoutCount += 1;
      reject(timeout);
      controller.abort(timedOut(step, frame, timeout));
    }, timeoutMs);
  });
  try {
    return await Promise.race([settled, expired]);
  } finally {
    clearTimeout(timer);
  }
}

const overrunReported = new WeakSet<PlanStep>();

function reportOverrun(step: PlanStep, timeoutMs: number, tookMs: number): void {
  if (overrunReported.has(step)) return;
  overrunReported.add(step);
  process.emitWarning(
    `Module "${step.name}" blocked the thread for ${tookMs.toFixed(1)} ms; its timeoutMs is ${timeoutMs}. A synchronous module cannot be interrupted: isolate it in a thread or process to enforce the limit.`,
    { code: 'VP_MODULE_TIMEOUT' },
  );
}
