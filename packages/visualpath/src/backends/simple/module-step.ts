import type { Frame } from 'visualbase';
import { hasCapability, isStateful } from '../../core/capabilities.ts';
import type { ErrorPolicy } from '../../core/error-policy.ts';
import type { MaybePromise } from '../../core/maybe-promise.ts';
import type { AnyModule, ProcessContext, ProcessResult } from '../../core/module.ts';
import type { Signals } from '../../core/observation.ts';
import { ModuleCounters } from './module-counters.ts';
import { Stragglers } from './stragglers.ts';

/** Who is told of what a module does, besides those who asked for it. */
export interface ModuleWatch {
  /** Told of every error, whatever becomes of it. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Told of a frame that a call is still holding after its time is over. */
  readonly onLate?: ((frame: Frame) => void) | undefined;
  /** Told of every call that has an answer. */
  readonly onCall?:
    ((frame: Frame, durationMs: number, signals: Signals | undefined) => void) | undefined;
}

/** A module made ready to be called: everything that does not change from frame to frame. */
export interface ModuleStep {
  readonly module: AnyModule;
  readonly name: string;
  readonly policy: ErrorPolicy | undefined;
  /** Whether it must be called for one frame at a time, and in order. */
  readonly isOrdered: boolean;
  readonly stragglers: Stragglers;
  readonly counters: ModuleCounters;
  readonly watch: ModuleWatch;
  readonly process: (
    frame: Frame,
    deps: object,
    ctx: ProcessContext,
  ) => MaybePromise<ProcessResult>;
}

/** Prepares a module for calls. */
export function makeModuleStep(module: AnyModule, watch: ModuleWatch = {}): ModuleStep {
  return {
    module,
    name: module.name,
    policy: module.errorPolicy,
    isOrdered: isStateful(module) || !hasCapability(module, 'THREAD_SAFE'),
    stragglers: Stragglers.of(module),
    counters: new ModuleCounters(),
    watch,
    process: (frame, deps, ctx) => module.process(frame, deps as never, ctx),
  };
}
