import type { TraceRecord } from '../trace-record.ts';
import type { TraceSink } from '../trace-sink.ts';

/** Writes a line for each record, to standard error unless told otherwise. */
export class ConsoleSink implements TraceSink {
  readonly #write: (text: string) => void;

  constructor(options: { readonly write?: (text: string) => void } = {}) {
    this.#write = options.write ?? ((text) => void process.stderr.write(text));
  }

  write(record: TraceRecord): void {
    this.#write(`${lineOf(record)}\n`);
  }
}

function lineOf(record: TraceRecord): string {
  const { type, epochMs, runId, ...rest } = record;
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${formatValue(name, value)}`);
  return `${new Date(epochMs).toISOString()} ${runId} ${type} ${fields.join(' ')}`;
}

/** JSON, so that text of others cannot pass for more fields or lines; times in readable units. */
function formatValue(name: string, value: unknown): string {
  if (typeof value === 'number') {
    return name.endsWith('Ms') ? value.toFixed(2) : String(value);
  }
  return JSON.stringify(value);
}
