import { VisualError, type Frame } from 'visualbase';
import { isPromise, toPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext } from '../../core/module.ts';
import { describeFrame } from './describe-frame.ts';
import { LimitedContext } from './limited-context.ts';
import type { ModuleStep } from './module-step.ts';

/** Marks a call that took too long. */
export class CallTimeout extends Error {
  readonly timeoutMs: number;
  /** In words, what it was that took the time; may be empty. */
  readonly why: string;
  constructor(timeoutMs: number, why = '') {
    super(`no result within ${timeoutMs} ms${why}`);
    this.timeoutMs = timeoutMs;
    this.why = why;
  }
}

/** The error that users see for a call that took too long. */
export function timedOut(
  step: ModuleStep,
  frame: Frame,
  { timeoutMs, why }: CallTimeout,
): VisualError {
  return new VisualError(
    'VP_MODULE_TIMEOUT',
    `Module "${step.name}" did not finish ${describeFrame(frame)} within ${timeoutMs} ms${why}. Raise its timeoutMs, or set its fallback to "skip" or "default".`,
    { details: { module: step.name, frameId: frame.frameId, tNs: frame.tSrcNs, timeoutMs } },
  );
}

const tookTooLong = (timeoutMs: number, tookMs: number): CallTimeout =>
  new CallTimeout(timeoutMs, ` (it took ${tookMs.toFixed(1)} ms, without yielding)`);

/**
 * Calls a module, on one frame or several, under a limit of time. Where calls must not overlap it first
 * waits, as long as a call may take, for one that goes on after its time.
 *
 * @throws CallTimeout when an asynchronous call has not ended by then (its signal is aborted, its
 * result thrown away), or a synchronous one has taken longer.
 */
export function callWithTimeout<T>(
  step: ModuleStep,
  timeoutMs: number | undefined,
  frames: readonly Frame[],
  ctx: ProcessContext,
  call: (ctx: ProcessContext) => MaybePromise<T>,
): MaybePromise<T> {
  if (timeoutMs === undefined) return call(ctx);
  if (!step.isOrdered || step.stragglers.isEmpty) {
    return callNow(step, timeoutMs, frames, ctx, call);
  }
  return step.stragglers.end(timeoutMs, ctx.signal).then((haveEnded) => {
    ctx.signal.throwIfAborted();
    if (haveEnded) return callNow(step, timeoutMs, frames, ctx, call);
    step.counters.timeoutCount += 1;
    throw new CallTimeout(timeoutMs, ', since an earlier call of it still goes on');
  });
}

function callNow<T>(
  step: ModuleStep,
  timeoutMs: number,
  frames: readonly Frame[],
  ctx: ProcessContext,
  call: (ctx: ProcessContext) => MaybePromise<T>,
): MaybePromise<T> {
  const limited = new LimitedContext(ctx);
  const startedMs = performance.now();
  let result: MaybePromise<T>;
  try {
    result = call(limited.context);
  } catch (error) {
    limited.close();
    throw error;
  }
  // Only what the call itself did before it yielded: what others do while it waits is not its time.
  const tookMs = performance.now() - startedMs;
  if (isPromise(result)) return raceTimeout(step, timeoutMs, frames, result, limited, tookMs);
  limited.close();
  if (tookMs <= timeoutMs) return result;
  step.counters.timeoutCount += 1;
  reportOverrun(step, timeoutMs, tookMs);
  throw tookTooLong(timeoutMs, tookMs);
}

async function raceTimeout<T>(
  step: ModuleStep,
  timeoutMs: number,
  frames: readonly Frame[],
  result: Promise<T>,
  limited: LimitedContext,
  blockedMs: number,
): Promise<T> {
  // The module may end late, with frames that would be gone by then: keep them until it is done.
  // Behind a node that keeps no pixels there is nothing to keep.
  const held = frames.filter((frame) => !frame.isReleased);
  for (const frame of held) frame.retain();
  let isLate = false;
  const settled = toPromise(result).finally(() => {
    limited.close();
    if (isLate) step.stragglers.remove();
    for (const frame of held) frame.release();
  });
  settled.catch(() => undefined);
  const expire = (timeout: CallTimeout): CallTimeout => {
    step.counters.timeoutCount += 1;
    isLate = true;
    step.stragglers.add();
    for (const frame of held) if (!frame.isReleased) step.watch.onLate?.(frame);
    limited.abort(timedOut(step, frames[0]!, timeout));
    return timeout;
  };
  if (blockedMs > timeoutMs) {
    reportOverrun(step, timeoutMs, blockedMs);
    throw expire(tookTooLong(timeoutMs, blockedMs));
  }
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(expire(new CallTimeout(timeoutMs))), timeoutMs - blockedMs);
  });
  try {
    return await Promise.race([settled, expired]);
  } finally {
    clearTimeout(timer);
  }
}

const overrunReported = new WeakSet<ModuleStep>();

function reportOverrun(step: ModuleStep, timeoutMs: number, tookMs: number): void {
  if (overrunReported.has(step)) return;
  overrunReported.add(step);
  process.emitWarning(
    `Module "${step.name}" blocked the thread for ${tookMs.toFixed(1)} ms; its timeoutMs is ${timeoutMs}. A synchronous module cannot be interrupted: isolate it in a thread or process to enforce the limit.`,
    { code: 'VP_MODULE_TIMEOUT' },
  );
}
