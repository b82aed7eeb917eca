import type { TraceRecord } from './trace-record.ts';

/** Something that takes trace records. What it throws stays without effect on the run. */
export interface TraceSink {
  /** Takes a record; must not block. */
  write(record: TraceRecord): void;
  /** Waits until everything taken so far is put away. */
  flush?(): Promise<void>;
  close?(): Promise<void>;
}
