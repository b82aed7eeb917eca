import type { FlowData } from '../../core/flow-data.ts';
import type { Turn } from './turn.ts';
import type { ModuleWork } from './module-work.ts';

/** An error, and where in the order of a run with single frames it belongs. */
export interface Failure {
  readonly turnIndex: number;
  /** Place of the module or node among all that run in the same stage. */
  readonly step: number;
  /** Place of the item among those that the step works on. */
  readonly item: number;
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

  get isAbandoned(): boolean {
    return this.turns[0]!.isAbandoned;
  }

  /** Leaves the group alone: nothing more is called for it, also not by steps that have begun. */
  abandon(): void {
    this.limit = 0;
    for (const turn of this.turns) turn.isAbandoned = true;
  }

  /**
   * Notes an error. Later stages do not work on its turn and those after it. Which error wins does not
   * depend on which of several steps side by side fails first.
   */
  fail(failure: Failure): void {
    if (this.#failure !== undefined && comesBefore(this.#failure, failure)) return;
    this.#failure = failure;
    this.limit = Math.min(this.limit, failure.turnIndex);
  }
}

function comesBefore(a: Failure, b: Failure): boolean {
  if (a.turnIndex !== b.turnIndex) return a.turnIndex < b.turnIndex;
  return a.step === b.step ? a.item < b.item : a.step < b.step;
}
