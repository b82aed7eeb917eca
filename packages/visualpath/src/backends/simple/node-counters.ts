import type { NodeKind } from '../../flow/specs.ts';
import type { NodeStats } from '../pipeline-result.ts';

/** Running figures of one node. */
export class NodeCounters {
  inCount = 0;
  outCount = 0;
  filteredCount = 0;
  unroutedCount = 0;
  unmatchedCount = 0;
  lateCount = 0;
  errorCount = 0;

  /** The figures so far. */
  snapshot(kind: NodeKind): NodeStats {
    return {
      kind,
      inCount: this.inCount,
      outCount: this.outCount,
      filteredCount: this.filteredCount,
      unroutedCount: this.unroutedCount,
      unmatchedCount: this.unmatchedCount,
      lateCount: this.lateCount,
      errorCount: this.errorCount,
    };
  }
}
