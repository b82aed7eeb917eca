import { FlowData } from '../../../core/flow-data.ts';
import { compileCondition } from '../../../flow/condition.ts';
import type {
  BranchSpec,
  ConditionalFanOutSpec,
  FanOutSpec,
  MultiBranchSpec,
} from '../../../flow/specs.ts';
import { ImmediateRunner, type RunnerContext } from './node-runner.ts';

/** Specs that put items on paths. */
export type RouteSpec = BranchSpec | FanOutSpec | MultiBranchSpec | ConditionalFanOutSpec;

/** Puts an item on paths by calling `emit` for each; false if the node's own code failed. */
type Route = (data: FlowData, emit: (path: string) => void) => boolean;

/** Branches and fan-outs. An item that gets no path is counted as unrouted. */
export class RouteRunner extends ImmediateRunner {
  readonly #route: Route;
  readonly #context: RunnerContext;

  constructor(spec: RouteSpec, context: RunnerContext) {
    super();
    this.#route = makeRoute(spec, context);
    this.#context = context;
  }

  run(items: readonly FlowData[]): readonly FlowData[] {
    const out: FlowData[] = [];
    for (const data of items) {
      const { frame, observations, metadata } = data;
      const before = out.length;
      const isGood = this.#route(data, (path) =>
        out.push(new FlowData(frame, observations, path, metadata)),
      );
      if (!isGood) out.length = before;
      else if (out.length === before) this.#context.counters.unroutedCount += 1;
    }
    return out;
  }
}

function makeRoute(spec: RouteSpec, { guard }: RunnerContext): Route {
  switch (spec.kind) {
    case 'fanOut': {
      const { paths } = spec;
      return (_data, emit) => {
        for (const path of paths) emit(path);
        return true;
      };
    }
    case 'branch': {
      const { ifTrue, ifFalse } = spec;
      const condition = compileCondition(spec.condition);
      return (data, emit) => {
        const answer = guard.ask(condition, data);
        if (answer === undefined) return false;
        emit(answer ? ifTrue : ifFalse);
        return true;
      };
    }
    case 'multiBranch':
      return routeByConditions(spec, guard, 'first', spec.defaultPath);
    case 'conditionalFanOut':
      return routeByConditions(spec, guard, 'every');
  }
}

function routeByConditions(
  spec: MultiBranchSpec | ConditionalFanOutSpec,
  guard: RunnerContext['guard'],
  wanted: 'first' | 'every',
  defaultPath?: string,
): Route {
  const branches = spec.branches.map(({ condition, path }) => ({
    condition: compileCondition(condition),
    path,
  }));
  return (data, emit) => {
    for (const { condition, path } of branches) {
      const answer = guard.ask(condition, data);
      if (answer === undefined) return false;
      if (!answer) continue;
      emit(path);
      if (wanted === 'first') return true;
    }
    if (defaultPath !== undefined) emit(defaultPath);
    return true;
  };
}
