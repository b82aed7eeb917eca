import { isPromise, toPromise } from '../core/maybe-promise.ts';
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
        // A sink whose write is asynchronous is none, but its rejection must not end the process.
        const written = (sink as { write(record: TraceRecord): unknown }).write(record);
        if (isPromise(written)) this.#watch(sink, written);
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

  #watch(sink: TraceSink, written: Promise<unknown>): void {
    toPromise(written).catch((error: unknown) => this.#drop(sink, error));
  }

  #drop(failed: TraceSink, error: unknown): void {
    if (!this.#sinks.includes(failed)) return;
    this.#failedCount += 1;
    this.#sinks = this.#sinks.filter((sink) => sink !== failed);
    process.emitWarning(
      `A trace sink (${nameOfSink(failed)}) failed and gets no more records: ${messageOf(error)}`,
      { code: 'VP_SINK_FAILED' },
    );
  }
}

const nameOfSink = (sink: TraceSink): string =>
  (sink.constructor as { readonly name: string } | undefined)?.name ?? 'an object';

/** Anything can be thrown, also what cannot be made a text. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'an error without a text';
  }
}
