import type { FlowData } from '../../core/flow-data.ts';
import type { Turn } from './turn.ts';
import type { ModuleWork } from './module-work.ts';

/** An error, and where in the order of a run with single frames it belongs. */
interface Failure {
  readonly turnIndex: number;
  readonly order: number;
  readonly error: unknown;
}

/** Turns that go through the graph together: one, or as many as a batch has. */
export class TurnGroup {
  /** Place among all groups of the run, from 0. */
  readonly number: number;
  readonly turns: readonly Turn[];
  /** What left each node in each turn, at `node * turns.length + turn`. */
  readonly outputs: (readonly FlowData[])[];
  /** Watermark behind each node in each turn, likewise; empty if no node needs it. */
  readonly watermarksNs: number[] = [];
  /** What the module nodes are working on. */
  readonly works: (ModuleWork | undefined)[] = [];
  /** Turns before this one are sound. */
  limit: number;
  #failure: Failure | undefined;

  constructor(number: number, turns: readonly Turn[], nodeCount: number) {
    this.number = number;
    this.turns = turns;
    this.limit = turns.length;
    this.outputs = new Array<readonly FlowData[]>(nodeCount * turns.length);
  }

  /** What went wrong first: in the earliest turn, and there at the earliest step. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /**
   * Notes an error. Later turns are not worked on any more; what wins does not depend on which of
   * several steps side by side fails first.
   */
  fail(turnIndex: number, order: number, error: unknown): void {
    const known = this.#failure;
    const isEarlier =
      known === undefined ||
      turnIndex < known.turnIndex ||
      (turnIndex === known.turnIndex && order < known.order);
    if (!isEarlier) return;
    this.#failure = { turnIndex, order, error };
    this.limit = Math.min(this.limit, turnIndex);
  }
}
