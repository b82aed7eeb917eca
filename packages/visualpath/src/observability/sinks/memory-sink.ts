import type { TraceRecord } from '../trace-record.ts';
import type { TraceSink } from '../trace-sink.ts';

/** Keeps the newest records in memory. */
export class MemorySink implements TraceSink {
  readonly #capacity: number;
  #records: TraceRecord[] = [];
  #start = 0;

  /** @param options - `capacity`: most records kept, default 10,000. */
  constructor(options: { readonly capacity?: number } = {}) {
    const { capacity = 10_000 } = options;
    if (!(Number.isSafeInteger(capacity) && capacity > 0)) {
      throw new RangeError(
        `The \`capacity\` of a MemorySink must be a whole number from 1, got ${capacity}.`,
      );
    }
    this.#capacity = capacity;
  }

  /** What is kept, oldest first. */
  get records(): readonly TraceRecord[] {
    return [...this.#records.slice(this.#start), ...this.#records.slice(0, this.#start)];
  }

  write(record: TraceRecord): void {
    if (this.#records.length < this.#capacity) {
      this.#records.push(record);
      return;
    }
    this.#records[this.#start] = record;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  /** Forgets everything. */
  clear(): void {
    this.#records = [];
    this.#start = 0;
  }
}
