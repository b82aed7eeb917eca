import { VisualError, type Frame } from 'visualbase';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext } from '../../core/module.ts';
import { describeFrame } from './describe-frame.ts';
import { LimitedContext } from './limited-context.ts';
import type { ModuleStep } from './module-step.ts';

/** Marks a call that took too long. */
export class CallTimeout extends Error {
  readonly timeoutMs: number;
  readonly tookMs: number | undefined;
  constructor(timeoutMs: number, tookMs?: number) {
    super(`no result within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
    this.tookMs = tookMs;
  }
}

/** The error that users see for a call that took too long. */
export function timedOut(
  step: ModuleStep,
  frame: Frame,
  { timeoutMs, tookMs }: CallTimeout,
): VisualError {
  const took = tookMs === undefined ? '' : ` (it took ${tookMs.toFixed(1)} ms, without yielding)`;
  return new VisualError(
    'VP_MODULE_TIMEOUT',
    `Module "${step.name}" did not finish ${describeFrame(frame)} within ${timeoutMs} ms${took}. Raise its timeoutMs, or set its fallback to "skip" or "default".`,
    { details: { module: step.name, frameId: frame.frameId, tNs: frame.tSrcNs, timeoutMs } },
  );
}

/**
 * Calls a module, on one frame or several, under a limit of time.
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
  const limited = new LimitedContext(ctx);
  const startedMs = performance.now();
  let result: MaybePromise<T>;
  try {
    result = call(limited);
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
  throw new CallTimeout(timeoutMs, tookMs);
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
  const settled = Promise.resolve(result).finally(() => {
    limited.close();
    for (const frame of held) frame.release();
  });
  settled.catch(() => undefined);
  const expire = (timeout: CallTimeout): CallTimeout => {
    step.counters.timeoutCount += 1;
    for (const frame of held) if (!frame.isReleased) step.watch.onLate?.(frame);
    limited.abort(timedOut(step, frames[0]!, timeout));
    return timeout;
  };
  if (blockedMs > timeoutMs) {
    reportOverrun(step, timeoutMs, blockedMs);
    throw expire(new CallTimeout(timeoutMs, blockedMs));
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
