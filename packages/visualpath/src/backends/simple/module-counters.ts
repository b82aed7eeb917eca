import type { ModuleStats } from '../pipeline-result.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** Running figures of one module. */
export class ModuleCounters {
  callCount = 0;
  observationCount = 0;
  skippedCount = 0;
  errorCount = 0;
  retryCount = 0;
  timeoutCount = 0;
  batchCount = 0;
  readonly latency = new LatencyHistogram();

  /** The figures so far. */
  snapshot(): ModuleStats {
    const { latency } = this;
    return {
      callCount: this.callCount,
      observationCount: this.observationCount,
      skippedCount: this.skippedCount,
      errorCount: this.errorCount,
      retryCount: this.retryCount,
      timeoutCount: this.timeoutCount,
      batchCount: this.batchCount,
      meanMs: latency.meanMs,
      p50Ms: latency.percentile(0.5),
      p95Ms: latency.percentile(0.95),
      maxMs: latency.maxMs,
      totalMs: latency.totalMs,
    };
  }
}
