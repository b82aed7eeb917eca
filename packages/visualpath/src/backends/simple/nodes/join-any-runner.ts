import type { FlowData } from '../../../core/flow-data.ts';
import type { JoinSpec } from '../../../flow/specs.ts';
import { byTime, mergeItems } from './merge-items.ts';
import { ImmediateRunner, type RunnerContext } from './node-runner.ts';

/** A join of mode `any`: merges what one turn brought and passes it at once. */
export class JoinAnyRunner extends ImmediateRunner {
  readonly #spec: JoinSpec;
  readonly #context: RunnerContext;

  constructor(spec: JoinSpec, context: RunnerContext) {
    super();
    this.#spec = spec;
    this.#context = context;
  }

  run(items: readonly FlowData[]): readonly FlowData[] {
    const { paths, windowNs = 0, path = this.#context.name } = this.#spec;
    const wanted = items.filter((data) => paths.includes(data.path)).sort(byTime);
    this.#context.counters.unroutedCount += items.length - wanted.length;
    const groups: FlowData[][] = [];
    for (const data of wanted) {
      const group = groups.at(-1);
      const fits =
        group !== undefined &&
        data.tNs - group[0]!.tNs <= windowNs &&
        group.every((member) => member.path !== data.path);
      if (fits) group.push(data);
      else groups.push([data]);
    }
    return groups.map((group) => mergeItems(group, path));
  }
}
