import type { Signals } from '../core/observation.ts';
import { TraceLevel } from './trace-level.ts';

interface RecordBase {
  /** Milliseconds since 1970 when it was written. */
  readonly epochMs: number;
  /** The run that it belongs to; unique in a process. */
  readonly runId: string;
}

interface OfFrame {
  readonly frameId: number;
  readonly tNs: number;
}

/** A run has begun. */
export interface SessionStartRecord extends RecordBase {
  readonly type: 'session-start';
  readonly backend: string;
  readonly nodes: readonly string[];
  readonly modules: readonly string[];
}

/** A run has ended. */
export interface SessionEndRecord extends RecordBase {
  readonly type: 'session-end';
  readonly status: 'complete' | 'stopped' | 'failed' | 'aborted';
  readonly durationMs: number;
  readonly frameCount: number;
  readonly triggerCount: number;
}

/** A frame has been through the graph and has been delivered. */
export interface FrameRecord extends RecordBase, OfFrame {
  readonly type: 'frame';
  /** From the frame's arrival to its delivery. */
  readonly latencyMs: number;
  /** Items that left the graph in its turn. */
  readonly itemCount: number;
}

/** A module has been called. */
export interface ModuleRecord extends RecordBase, OfFrame {
  readonly type: 'module';
  readonly module: string;
  readonly durationMs: number;
  /** What it saw; undefined if nothing. */
  readonly signals: Signals | undefined;
}

/** A trigger has been fired. */
export interface TriggerRecord extends RecordBase, OfFrame {
  readonly type: 'trigger';
  readonly module: string;
  readonly label: string;
  readonly score: number;
  readonly startTimeNs: number;
  readonly endTimeNs: number;
}

/** Something did not get through: a frame that a queue dropped, or items that a node did not pass on. */
export interface DropRecord extends RecordBase {
  readonly type: 'drop';
  /**
   * For frames the overflow policy of the queue, or `stopped` where the run was stopped; for items of a
   * node `late`, `unmatched`, `unrouted`, `error`.
   */
  readonly reason: string;
  /** The node; undefined for frames in front of the graph. */
  readonly node: string | undefined;
  readonly count: number;
}

/** A buffering node let an item go after its time. */
export interface SyncDelayRecord extends RecordBase, OfFrame {
  readonly type: 'sync-delay';
  readonly node: string;
  /** How far the watermark was past the item. */
  readonly delayNs: number;
}

/** A gate of a module has opened or closed; written by the module's owner. */
export interface GateRecord extends RecordBase, OfFrame {
  readonly type: 'gate';
  readonly module: string;
  readonly gate: string;
  readonly isOpen: boolean;
}

/** The code of a module or a node has thrown, whatever became of the error. */
export interface ErrorRecord extends RecordBase {
  readonly type: 'error';
  readonly node: string;
  readonly code: string | undefined;
  readonly message: string;
}

/** Something has happened in the life of a worker; written by backends that have workers. */
export interface WorkerRecord extends RecordBase {
  readonly type: 'worker';
  readonly worker: string;
  readonly event: 'started' | 'ready' | 'restarted' | 'stopped' | 'failed';
  readonly detail: string | undefined;
}

/** Anything that is traced. */
export type TraceRecord =
  | SessionStartRecord
  | SessionEndRecord
  | FrameRecord
  | ModuleRecord
  | TriggerRecord
  | DropRecord
  | SyncDelayRecord
  | GateRecord
  | ErrorRecord
  | WorkerRecord;

/** The level from which on each type of record is traced. */
export const LEVEL_OF: Readonly<Record<TraceRecord['type'], TraceLevel>> = {
  'session-start': TraceLevel.MINIMAL,
  'session-end': TraceLevel.MINIMAL,
  trigger: TraceLevel.MINIMAL,
  error: TraceLevel.MINIMAL,
  worker: TraceLevel.MINIMAL,
  frame: TraceLevel.NORMAL,
  drop: TraceLevel.NORMAL,
  'sync-delay': TraceLevel.NORMAL,
  gate: TraceLevel.NORMAL,
  module: TraceLevel.VERBOSE,
};
