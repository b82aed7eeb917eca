import { VisualError, type Frame } from 'visualbase';
import { withSuppressed } from '../../core/suppressed-errors.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';
import type {
  ExecuteOptions,
  ExecutionSession,
  Frames,
  FramesBySource,
  SessionOptions,
} from '../execution-backend.ts';
import type { PipelineResult } from '../pipeline-result.ts';
import { ObservabilityHub } from '../../observability/observability-hub.ts';
import { RunTracer } from '../../observability/run-tracer.ts';
import { anySignal } from './any-signal.ts';
import { cleanupFailed } from './cleanup-failed.ts';
import { GraphExecutor } from './graph-executor.ts';
import { openInput } from './input/open-input.ts';
import { isolationWarnings } from './isolation-warnings.ts';
import { Lifecycle } from './lifecycle.ts';
import { compilePlan, modulesInOrder } from './plan.ts';
import { SimpleRun } from './simple-run.ts';
import type { SimpleSettings } from './simple-settings.ts';
import { TriggerLedger } from './trigger-ledger.ts';

/** A graph with its modules started in this process. */
export class SimpleSession implements ExecutionSession {
  readonly #graph: FlowGraph;
  readonly #settings: SimpleSettings;
  readonly #signal: AbortSignal | undefined;
  readonly #lifecycle: Lifecycle;
  readonly #warnings: readonly string[];
  #isWarm = false;
  #runCount = 0;
  #isBusy = false;
  #whenIdle: (() => void) | undefined;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  /** @throws VisualError `VP_GRAPH_INVALID`. */
  constructor(graph: FlowGraph, settings: SimpleSettings, options: SessionOptions) {
    const { isolation, signal } = options;
    this.#graph = graph;
    this.#settings = settings;
    this.#signal = signal;
    this.#lifecycle = new Lifecycle(modulesInOrder(compilePlan(graph)), settings.abortGraceMs);
    this.#warnings = isolationWarnings(graph, isolation);
  }

  /** Starts the modules. @throws VisualError `VP_MODULE_START_FAILED`; `close` is then still needed. */
  start(): Promise<void> {
    return this.#lifecycle.initialize(this.#signal);
  }

  /** {@inheritDoc ExecutionSession.execute} */
  async execute(
    frames: Frames | FramesBySource,
    options: ExecuteOptions = {},
  ): Promise<PipelineResult> {
    const { result, errors } = await this.run(frames, options);
    if (errors.length > 0) throw cleanupFailed(errors, options.signal, result);
    return result;
  }

  /** As `execute`, but gives the errors of closing the source. */
  async run(
    frames: Frames | FramesBySource,
    options: ExecuteOptions,
  ): Promise<{ result: PipelineResult; errors: readonly unknown[] }> {
    this.#enter();
    try {
      const signal = anySignal(this.#closed.signal, options.signal);
      const ending = new AbortController();
      const tracer = RunTracer.of(options.observability ?? ObservabilityHub.getInstance());
      const executor = new GraphExecutor(this.#graph, {
        onNodeError: options.onNodeError,
        nowMs: options.nowMs,
        debug: options.debug,
        tracer,
        signal: anySignal(signal, ending.signal),
        isParallel: this.#settings.parallel,
        isBatched: this.#settings.batchSize > 1,
        isPipelined: this.#settings.maxInFlight > 1,
      });
      const opened = openInput(frames, executor.sources, {
        queue: options.queue,
        signal,
        onDrop: tracer && ((reason) => tracer.drop(reason, undefined, 1)),
        // With several frames in flight, one that a node keeps may be read further on just then.
        isCopying: this.#settings.maxInFlight > 1 && executor.keepsFrames,
      });
      const run = new SimpleRun({
        executor,
        opened,
        ledger: new TriggerLedger([this.#graph.onTrigger, options.onTrigger], tracer),
        settings: this.#settings,
        options: { ...options, signal },
        warnings: this.#warnings,
        tracer,
        onFirstFrame: (frame) => this.#warmup(frame, signal),
      });
      tracer?.start(
        'simple',
        this.#graph.nodes.map(({ name }) => name),
        executor.modules.map(({ name }) => name),
      );
      let result;
      try {
        signal.throwIfAborted();
        if (this.#runCount++ > 0) await this.#lifecycle.reset(signal);
        result = await run.run();
      } catch (error) {
        ending.abort();
        const errors = await run.close();
        const status = signal.aborted ? 'aborted' : 'failed';
        tracer?.end({ status, ...run.figures() });
        // Modules that fail because of the abort are not the cause.
        throw withSuppressed(signal.aborted ? (signal.reason as unknown) : error, errors);
      }
      const status = result.stats.isStoppedEarly ? 'stopped' : 'complete';
      tracer?.end({ status, ...run.figures() });
      if (result.stats.isStoppedEarly) ending.abort();
      return { result, errors: await run.close() };
    } finally {
      this.#isBusy = false;
      this.#whenIdle?.();
    }
  }

  /** {@inheritDoc ExecutionSession.close} */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** A run that is under way is aborted and waited for: modules must not be cleaned up while in use. */
  async #close(): Promise<void> {
    if (this.#isBusy) {
      const ended = new Promise<void>((resolve) => (this.#whenIdle = resolve));
      this.#closed.abort(
        new VisualError(
          'VP_CLOSED',
          'The session was closed while it ran a video. Wait for execute() before close().',
        ),
      );
      await ended;
    }
    const errors = await this.cleanup();
    if (errors.length > 0) throw cleanupFailed(errors, this.#signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Cleans every module up; gives the errors. */
  cleanup(): Promise<readonly unknown[]> {
    return this.#lifecycle.cleanup(this.#signal);
  }

  #enter(): void {
    if (this.#closing !== undefined) {
      throw new VisualError(
        'VP_CLOSED',
        'The session was closed. Open a new one with backend.open(graph).',
      );
    }
    if (this.#isBusy) {
      throw new VisualError(
        'VP_SESSION_BUSY',
        'The session is running a video already. Wait for it, or open a second session.',
      );
    }
    this.#isBusy = true;
  }

  async #warmup(frame: Frame, signal: AbortSignal): Promise<void> {
    if (this.#isWarm) return;
    await this.#lifecycle.warmup(frame, signal);
    this.#isWarm = true;
  }
}
