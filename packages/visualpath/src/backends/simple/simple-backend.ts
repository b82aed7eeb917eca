import { withSuppressed } from '../../core/suppressed-errors.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';
import type {
  ExecuteOptions,
  ExecutionBackend,
  ExecutionSession,
  Frames,
  FramesBySource,
  SessionOptions,
} from '../execution-backend.ts';
import type { PipelineResult } from '../pipeline-result.ts';
import { cleanupFailed } from './cleanup-failed.ts';
import { SimpleSession } from './simple-session.ts';
import {
  simpleSettings,
  type SimpleBackendOptions,
  type SimpleSettings,
} from './simple-settings.ts';

/** Runs a graph in this process: one frame after the other, in batches, or several in flight. */
export class SimpleBackend implements ExecutionBackend {
  readonly name = 'simple';
  readonly #settings: SimpleSettings;

  /** @throws RangeError for a wrong option. */
  constructor(options: SimpleBackendOptions = {}) {
    this.#settings = simpleSettings(options);
  }

  /** {@inheritDoc ExecutionBackend.execute} */
  async execute(
    frames: Frames | FramesBySource,
    graph: FlowGraph,
    options: ExecuteOptions = {},
  ): Promise<PipelineResult> {
    options.signal?.throwIfAborted();
    const session = new SimpleSession(graph, this.#settings, options);
    let outcome;
    try {
      await session.start();
      outcome = await session.run(frames, options);
    } catch (error) {
      throw withSuppressed(error, await session.cleanup());
    }
    const errors = [...outcome.errors, ...(await session.cleanup())];
    if (errors.length > 0) throw cleanupFailed(errors, options.signal, outcome.result);
    return outcome.result;
  }

  /** {@inheritDoc ExecutionBackend.open} */
  async open(graph: FlowGraph, options: SessionOptions = {}): Promise<ExecutionSession> {
    options.signal?.throwIfAborted();
    const session = new SimpleSession(graph, this.#settings, options);
    try {
      await session.start();
    } catch (error) {
      throw withSuppressed(error, await session.cleanup());
    }
    return session;
  }
}
