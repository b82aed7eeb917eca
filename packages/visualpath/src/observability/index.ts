export { ObservabilityHub, type ObservabilityOptions } from './observability-hub.ts';
export { TraceLevel } from './trace-level.ts';
export {
  LEVEL_OF,
  type DropRecord,
  type ErrorRecord,
  type FrameRecord,
  type GateRecord,
  type ModuleRecord,
  type SessionEndRecord,
  type SessionStartRecord,
  type SyncDelayRecord,
  type TraceRecord,
  type TriggerRecord,
  type WorkerRecord,
} from './trace-record.ts';
export type { TraceSink } from './trace-sink.ts';
export { ConsoleSink } from './sinks/console-sink.ts';
export { FileSink } from './sinks/file-sink.ts';
export { MemorySink } from './sinks/memory-sink.ts';
export { NullSink } from './sinks/null-sink.ts';
