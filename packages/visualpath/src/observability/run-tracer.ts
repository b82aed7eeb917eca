import { isVisualError, type Frame, type Trigger } from 'visualbase';
import type { Observation, Signals } from '../core/observation.ts';
import type { ObservabilityHub } from './observability-hub.ts';
import { TraceLevel } from './trace-level.ts';
import type { SessionEndRecord } from './trace-record.ts';

let runCount = 0;

/** Writes the records of one run. There is none for a run that is not traced. */
export class RunTracer {
  /** Whether frames, drops and delays are wanted. */
  readonly isNormal: boolean;
  /** Whether calls of modules are wanted. */
  readonly isVerbose: boolean;
  readonly #hub: ObservabilityHub;
  readonly #runId = `run-${process.pid}-${++runCount}`;

  private constructor(hub: ObservabilityHub) {
    this.#hub = hub;
    this.isNormal = hub.isOn(TraceLevel.NORMAL);
    this.isVerbose = hub.isOn(TraceLevel.VERBOSE);
  }

  /** Undefined if nothing is traced. */
  static of(hub: ObservabilityHub): RunTracer | undefined {
    return hub.isOn(TraceLevel.MINIMAL) ? new RunTracer(hub) : undefined;
  }

  /** The run begins. */
  start(backend: string, nodes: readonly string[], modules: readonly string[]): void {
    this.#hub.emit({ type: 'session-start', ...this.#base(), backend, nodes, modules });
  }

  /** The run has ended. */
  end(
    figures: Pick<SessionEndRecord, 'status' | 'durationMs' | 'frameCount' | 'triggerCount'>,
  ): void {
    this.#hub.emit({ type: 'session-end', ...this.#base(), ...figures });
  }

  /** A frame has been delivered. */
  frame(frame: Frame, latencyMs: number, itemCount: number): void {
    this.#hub.emit({ type: 'frame', ...this.#base(), ...of(frame), latencyMs, itemCount });
  }

  /** A module has been called. */
  module(module: string, frame: Frame, durationMs: number, signals: Signals | undefined): void {
    this.#hub.emit({
      ...{ type: 'module', ...this.#base(), ...of(frame) },
      ...{ module, durationMs, signals },
    });
  }

  /** A trigger has been fired. */
  trigger(trigger: Trigger, { source, frameId, tNs }: Observation): void {
    const { label, score, startTimeNs, endTimeNs } = trigger;
    this.#hub.emit({
      ...{ type: 'trigger', ...this.#base(), frameId, tNs, module: source },
      ...{ label, score, startTimeNs, endTimeNs },
    });
  }

  /** Something did not get through. */
  drop(reason: string, node: string | undefined, count: number): void {
    this.#hub.emit({ type: 'drop', ...this.#base(), reason, node, count });
  }

  /** A buffering node let an item go after its time. */
  syncDelay(node: string, frame: Frame, delayNs: number): void {
    this.#hub.emit({ type: 'sync-delay', ...this.#base(), ...of(frame), node, delayNs });
  }

  /** Code of a node or module has thrown. */
  error(node: string, error: unknown): void {
    this.#hub.emit({
      ...{ type: 'error', ...this.#base(), node },
      code: isVisualError(error) ? error.code : undefined,
      message: error instanceof Error ? error.message : String(error),
    });
  }

  #base(): { epochMs: number; runId: string } {
    return { epochMs: Date.now(), runId: this.#runId };
  }
}

const of = ({ frameId, tSrcNs }: Frame): { frameId: number; tNs: number } => ({
  frameId,
  tNs: tSrcNs,
});
