import { TraceLevel } from './trace-level.ts';
import { LEVEL_OF, type TraceRecord } from './trace-record.ts';
import type { TraceSink } from './trace-sink.ts';

/** Options of {@link ObservabilityHub}. */
export interface ObservabilityOptions {
  /** Default `TraceLevel.OFF`. */
  readonly level?: TraceLevel;
  readonly sinks?: readonly TraceSink[];
}

/**
 * Where trace records go: backends write to it, sinks read from it. A sink that fails is told of in one
 * warning and gets nothing more; the run never notices.
 *
 * @example
 * ```ts
 * const hub = new ObservabilityHub({ level: TraceLevel.NORMAL });
 * hub.addSink(new FileSink('trace.jsonl'));
 * await run('party.mp4', { modules, observability: hub });
 * await hub.close();
 * ```
 */
export class ObservabilityHub {
  static #instance: ObservabilityHub | undefined;

  #level: TraceLevel;
  #sinks: readonly TraceSink[];
  #failedCount = 0;

  constructor(options: ObservabilityOptions = {}) {
    this.#level = options.level ?? TraceLevel.OFF;
    this.#sinks = [...(options.sinks ?? [])];
  }

  /** The hub of the process, which runs write to that are given none. It is off until it is configured. */
  static getInstance(): ObservabilityHub {
    return (ObservabilityHub.#instance ??= new ObservabilityHub());
  }

  get level(): TraceLevel {
    return this.#level;
  }

  /** Sinks that have failed and get nothing more. */
  get failedCount(): number {
    return this.#failedCount;
  }

  /** Changes level or sinks; what is not given stays. Runs that have begun keep the level they began with. */
  configure({ level, sinks }: ObservabilityOptions): void {
    if (level !== undefined) this.#level = level;
    if (sinks !== undefined) this.#sinks = [...sinks];
  }

  /** Adds a sink. */
  addSink(sink: TraceSink): void {
    this.#sinks = [...this.#sinks, sink];
  }

  /** Whether records of a level are wanted: ask before making one. */
  isOn(level: TraceLevel): boolean {
    return level !== TraceLevel.OFF && this.#level >= level && this.#sinks.length > 0;
  }

  /** Hands a record to every sink, if its level is on. Never throws. */
  emit(record: TraceRecord): void {
    if (!this.isOn(LEVEL_OF[record.type])) return;
    for (const sink of this.#sinks) {
      try {
        sink.write(record);
      } catch (error) {
        this.#drop(sink, error);
      }
    }
  }

  /** Waits until sinks have put away what they were given. Never throws. */
  async flush(): Promise<void> {
    await this.#each((sink) => sink.flush?.());
  }

  /** Closes every sink; the hub is off then. Never throws. */
  async close(): Promise<void> {
    this.#level = TraceLevel.OFF;
    await this.#each((sink) => sink.close?.());
    this.#sinks = [];
  }

  async #each(act: (sink: TraceSink) => Promise<void> | undefined): Promise<void> {
    await Promise.all(
      this.#sinks.map(async (sink) => {
        try {
          await act(sink);
        } catch (error) {
          this.#drop(sink, error);
        }
      }),
    );
  }

  #drop(failed: TraceSink, error: unknown): void {
    this.#failedCount += 1;
    this.#sinks = this.#sinks.filter((sink) => sink !== failed);
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `A trace sink (${failed.constructor.name}) failed and gets no more records: ${message}`,
      { code: 'VP_SINK_FAILED' },
    );
  }
}
