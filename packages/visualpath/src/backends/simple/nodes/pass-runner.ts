import type { FlowData } from '../../../core/flow-data.ts';
import { ImmediateRunner, NOTHING, type RunnerContext } from './node-runner.ts';

/** Filters and samplers: passes the items for which the test holds, counts the others. */
export class PassRunner extends ImmediateRunner {
  readonly #test: (data: FlowData) => boolean;
  readonly #context: RunnerContext;

  constructor(test: (data: FlowData) => boolean, context: RunnerContext) {
    super();
    this.#test = test;
    this.#context = context;
  }

  run(items: readonly FlowData[]): readonly FlowData[] {
    if (items.length === 1) return this.#passes(items[0]!) ? items : NOTHING;
    return items.filter((data) => this.#passes(data));
  }

  #passes(data: FlowData): boolean {
    const { guard, counters } = this.#context;
    const answer = guard.ask(this.#test, data);
    if (answer === false) counters.filteredCount += 1;
    return answer === true;
  }
}
