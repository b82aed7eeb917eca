import type { FlowData } from '../../core/flow-data.ts';
import { isPromise } from '../../core/maybe-promise.ts';
import { NodeTracer } from '../../observability/node-tracer.ts';
import type { RunTracer } from '../../observability/run-tracer.ts';
import type { DebugHooks } from '../debug-hooks.ts';
import type { ItemFlow } from './item-flow.ts';
import { NOTHING, type NodeRunner } from './nodes/node-runner.ts';
import type { TurnGroup } from './turn-group.ts';

/** One node without modules, as a step of a run. */
export class NodeOp {
  readonly isOrdered = true;
  readonly #flow: ItemFlow;
  readonly #runner: NodeRunner;
  readonly #order: number;
  readonly #debug: DebugHooks | undefined;
  readonly #tracer: NodeTracer | undefined;

  constructor(
    flow: ItemFlow,
    runner: NodeRunner,
    order: number,
    watch: { readonly debug?: DebugHooks | undefined; readonly tracer?: RunTracer | undefined },
  ) {
    this.#flow = flow;
    this.#runner = runner;
    this.#order = order;
    this.#debug = watch.debug;
    this.#tracer =
      watch.tracer?.isNormal === true
        ? new NodeTracer(watch.tracer, flow.node.node.name, flow.counters)
        : undefined;
  }

  /**
   * Takes the node through the turns of the group. Errors are noted there; it never throws.
   *
   * @param limit - Turns to work on: those before this one.
   */
  run(group: TurnGroup, limit: number): Promise<void> | undefined {
    return this.#runFrom(0, limit, group);
  }

  #runFrom(start: number, limit: number, group: TurnGroup): Promise<void> | undefined {
    for (let turnIndex = start; turnIndex < limit && !group.isAbandoned; turnIndex++) {
      try {
        const pending = this.#runTurn(turnIndex, group);
        if (pending !== undefined) return this.#runRest(pending, turnIndex, limit, group);
      } catch (error) {
        group.fail({ turnIndex, step: this.#order, item: 0, error });
        return undefined;
      }
    }
    return undefined;
  }

  async #runRest(
    pending: Promise<void>,
    turnIndex: number,
    limit: number,
    group: TurnGroup,
  ): Promise<void> {
    try {
      await pending;
    } catch (error) {
      group.fail({ turnIndex, step: this.#order, item: 0, error });
      return;
    }
    await this.#runFrom(turnIndex + 1, limit, group);
  }

  #runTurn(turnIndex: number, group: TurnGroup): Promise<void> | undefined {
    const items = this.#flow.gather(group, turnIndex);
    if (items.length === 0 && !this.#runner.isBuffering) {
      this.#flow.send(group, turnIndex, NOTHING, false);
      return undefined;
    }
    const watermarkNs = this.#flow.watermarkNs(group, turnIndex);
    const out = this.#runner.run(items, watermarkNs, group.turns[turnIndex]!);
    const send = (left: readonly FlowData[]): void => {
      const pendingNs = this.#runner.earliestPendingNs();
      this.#flow.send(group, turnIndex, left, items.length > 0, pendingNs);
      this.#tracer?.after(left, watermarkNs);
      this.#reportState();
    };
    if (isPromise(out)) return out.then(send);
    send(out);
    return undefined;
  }

  #reportState(): void {
    if (this.#debug?.state === undefined || !this.#runner.isBuffering) return;
    const { name, spec } = this.#flow.node.node;
    this.#debug.state({ node: name, kind: spec.kind, state: this.#runner.state() });
  }
}
