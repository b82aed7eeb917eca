import type { FlowData } from '../core/flow-data.ts';
import type { RunTracer } from './run-tracer.ts';

/** Figures of a node that say what did not get through. */
interface DropFigures {
  readonly lateCount: number;
  readonly unmatchedCount: number;
  readonly unroutedCount: number;
  readonly errorCount: number;
}

const REASONS = ['late', 'unmatched', 'unrouted', 'error'] as const;

/** Writes what a node drops and delays, turn by turn. */
export class NodeTracer {
  readonly #tracer: RunTracer;
  readonly #name: string;
  readonly #figures: DropFigures;
  readonly #written = { late: 0, unmatched: 0, unrouted: 0, error: 0 };

  constructor(tracer: RunTracer, name: string, figures: DropFigures) {
    this.#tracer = tracer;
    this.#name = name;
    this.#figures = figures;
  }

  /** To be called after a turn with what left. */
  after(items: readonly FlowData[], watermarkNs: number): void {
    for (const reason of REASONS) {
      const count = this.#figures[`${reason}Count`];
      const newCount = count - this.#written[reason];
      if (newCount === 0) continue;
      this.#written[reason] = count;
      this.#tracer.drop(reason, this.#name, newCount);
    }
    if (watermarkNs === Infinity) return;
    for (const { frame, tNs } of items) {
      if (watermarkNs > tNs) this.#tracer.syncDelay(this.#name, frame, watermarkNs - tNs);
    }
  }
}
