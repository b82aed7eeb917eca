import { VisualError, type Frame, type Trigger } from 'visualbase';
import type { FlowData } from '../../core/flow-data.ts';
import { isPromise, type MaybePromise } from '../../core/maybe-promise.ts';
import type { ProcessContext } from '../../core/module.ts';
import { shouldTrigger, triggerOf } from '../../core/observation.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';
import type { ExecuteOptions, ExecutionBackend, Frames } from '../execution-backend.ts';
import type { PipelineResult, RunStats } from '../pipeline-result.ts';
import { FrameReader } from './frame-reader.ts';
import { Lifecycle } from './lifecycle.ts';
import { compilePlan, type Plan } from './plan.ts';
import { processFrame } from './process-frame.ts';

/** A synchronous run gives the event loop a turn at least this often. */
const YIELD_EVERY_MS = 4;

/** Runs a graph in this process and thread, one frame after the other. */
export class SimpleBackend implements ExecutionBackend {
  readonly name = 'simple';

  /** {@inheritDoc ExecutionBackend.execute} */
  async execute(
    frames: Frames,
    graph: FlowGraph,
    options: ExecuteOptions = {},
  ): Promise<PipelineResult> {
    options.signal?.throwIfAborted();
    const run = new SimpleRun(this.name, compilePlan(graph), frames, options);
    return run.execute();
  }
}

class SimpleRun {
  readonly #backend: string;
  readonly #plan: Plan;
  readonly #lifecycle: Lifecycle;
  readonly #reader: FrameReader;
  readonly #options: ExecuteOptions;
  readonly #ending = new AbortController();
  readonly #ctx: ProcessContext;
  readonly #triggers: Trigger[] = [];
  #readCount = 0;
  #processedCount = 0;
  #deliveredCount = 0;
  #sourceWaitMs = 0;
  #callbackMs = 0;
  #startedMs = 0;
  #isStoppedEarly = false;

  constructor(backend: string, plan: Plan, frames: Frames, options: ExecuteOptions) {
    this.#backend = backend;
    this.#plan = plan;
    this.#lifecycle = new Lifecycle(plan.steps.map((step) => step.module));
    this.#reader = new FrameReader(frames, options.signal);
    this.#options = options;
    const { signal } = options;
    this.#ctx = {
      signal:
        signal === undefined ? this.#ending.signal : AbortSignal.any([signal, this.#ending.signal]),
    };
  }

  async execute(): Promise<PipelineResult> {
    let result: PipelineResult;
    try {
      await this.#lifecycle.initialize();
      await this.#processAll();
      result = this.#result();
    } catch (error) {
      await this.#close();
      throw error;
    }
    const errors = await this.#close();
    if (errors.length > 0) throw cleanupFailed(errors, result);
    return result;
  }

  /** Closes source and modules; errors are collected so that none keeps the rest from closing. */
  async #close(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    this.#ending.abort();
    try {
      await this.#reader.close();
    } catch (error) {
      errors.push(error);
    }
    return [...errors, ...(await this.#lifecycle.cleanup())];
  }

  async #processAll(): Promise<void> {
    this.#startedMs = performance.now();
    const first = await this.#nextFrame();
    if (first === undefined) return;
    await this.#lifecycle.warmup(first);
    this.#startedMs = performance.now() - this.#sourceWaitMs;
    let yieldedMs = performance.now();
    let frame: Frame | undefined = first;
    while (frame !== undefined) {
      this.#options.signal?.throwIfAborted();
      const processed = this.#processOne(frame);
      const goesOn = isPromise(processed) ? await processed : processed;
      if (!goesOn) {
        this.#isStoppedEarly = true;
        return;
      }
      const nowMs = performance.now();
      if (nowMs - yieldedMs > YIELD_EVERY_MS) {
        await new Promise(setImmediate);
        yieldedMs = performance.now();
      }
      const next = this.#nextFrame();
      frame = isPromise(next) ? await next : next;
    }
  }

  #nextFrame(): MaybePromise<Frame | undefined> {
    const askedMs = performance.now();
    const took = (frame: Frame | undefined): Frame | undefined => {
      this.#sourceWaitMs += performance.now() - askedMs;
      if (frame !== undefined) this.#readCount += 1;
      return frame;
    };
    const next = this.#reader.next();
    return isPromise(next) ? next.then(took) : took(next);
  }

  /** Gives false to end the run. */
  #processOne(frame: Frame): MaybePromise<boolean> {
    const data = processFrame(this.#plan, frame, this.#ctx);
    return isPromise(data) ? data.then((settled) => this.#deliver(settled)) : this.#deliver(data);
  }

  /** Triggers of a frame first, then its `onFrame`. */
  #deliver(data: FlowData): MaybePromise<boolean> {
    this.#processedCount += 1;
    const { observations } = data;
    for (const observation of observations) {
      if (shouldTrigger(observation)) return this.#deliverTriggers(data);
    }
    return this.#callOnFrame(data);
  }

  async #deliverTriggers(data: FlowData): Promise<boolean> {
    const startedMs = performance.now();
    for (const observation of data.observations) {
      const trigger = triggerOf(observation);
      if (trigger === undefined) continue;
      this.#triggers.push(trigger);
      await this.#plan.onTrigger?.(data, observation);
    }
    this.#callbackMs += performance.now() - startedMs;
    return this.#callOnFrame(data);
  }

  #callOnFrame(data: FlowData): MaybePromise<boolean> {
    const { onFrame } = this.#options;
    this.#deliveredCount += 1;
    if (onFrame === undefined) return true;
    const startedMs = performance.now();
    const took = (answer: boolean | undefined | void): boolean => {
      this.#callbackMs += performance.now() - startedMs;
      return answer !== false;
    };
    const answer = onFrame(data.frame, [data]);
    return isPromise(answer) ? answer.then(took) : took(answer);
  }

  #result(): PipelineResult {
    const wallMs = performance.now() - this.#startedMs;
    const stats: RunStats = {
      backend: this.#backend,
      readCount: this.#readCount,
      processedCount: this.#processedCount,
      dropped: {},
      modules: Object.fromEntries(
        this.#plan.steps.map((step) => [step.name, step.counters.snapshot()]),
      ),
      wallMs,
      fps: wallMs > 0 ? (this.#processedCount * 1000) / wallMs : 0,
      sourceWaitMs: this.#sourceWaitMs,
      callbackMs: this.#callbackMs,
      isStoppedEarly: this.#isStoppedEarly,
    };
    return { triggers: this.#triggers, frameCount: this.#deliveredCount, stats };
  }
}

function cleanupFailed(errors: readonly unknown[], result: PipelineResult): VisualError {
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return new VisualError(
    'VP_CLEANUP_FAILED',
    `The run processed all its ${result.frameCount} frames, but closing failed: ${messages.join('; ')}. The result is in details.result.`,
    { cause: errors[0], details: { errors: messages, result } },
  );
}
