import type { FlowData } from '../../../core/flow-data.ts';
import { isPromise, letGo } from '../../../core/maybe-promise.ts';
import { observe, type ObservationInit } from '../../../core/observation.ts';
import type { CascadeFusionSpec } from '../../../flow/specs.ts';
import { ImmediateRunner, type RunnerContext } from './node-runner.ts';

/** Adds an observation worked out from the others. */
export class CascadeFusionRunner extends ImmediateRunner {
  readonly #spec: CascadeFusionSpec;
  readonly #context: RunnerContext;
  readonly #source: string;

  constructor(spec: CascadeFusionSpec, context: RunnerContext) {
    super();
    this.#spec = spec;
    this.#context = context;
    this.#source = spec.source ?? context.name;
  }

  run(items: readonly FlowData[]): readonly FlowData[] {
    const out: FlowData[] = [];
    for (const data of items) {
      try {
        out.push(this.#fuse(data));
      } catch (error) {
        this.#context.guard.fail(error, data);
      }
    }
    return out;
  }

  #fuse(data: FlowData): FlowData {
    const result = this.#spec.fuse(data);
    if (result === undefined || result === null) return data;
    if (isPromise<ObservationInit>(result)) {
      letGo(result);
      throw new TypeError(
        '`fuse` must answer at once, it returned a promise. Do asynchronous work in a module or a custom node.',
      );
    }
    const observation = observe(this.#source, data.frame, result);
    return data.with({ observations: [...data.observations, observation] });
  }
}
