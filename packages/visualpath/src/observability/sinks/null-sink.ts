import type { TraceSink } from '../trace-sink.ts';

/** Takes records and forgets them: to measure what tracing itself costs. */
export class NullSink implements TraceSink {
  write(): void {
    return undefined;
  }
}
