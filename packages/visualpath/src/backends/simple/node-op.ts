import type { FlowData } from '../../core/flow-data.ts';
import { isPromise } from '../../core/maybe-promise.ts';
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

  constructor(flow: ItemFlow, runner: NodeRunner, order: number, debug: DebugHooks | undefined) {
    this.#flow = flow;
    this.#runner = runner;
    this.#order = order;
    this.#debug = debug;
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
    for (let turnIndex = start; turnIndex < limit; turnIndex++) {
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
      this.#flow.send(group, turnIndex, NOTHING);
      return undefined;
    }
    const watermarkNs = this.#flow.watermarkNs(group, turnIndex);
    const out = this.#runner.run(items, watermarkNs, group.turns[turnIndex]!);
    if (isPromise(out)) return out.then((settled) => this.#send(turnIndex, settled, group));
    this.#send(turnIndex, out, group);
    return undefined;
  }

  #send(turnIndex: number, items: readonly FlowData[], group: TurnGroup): void {
    this.#flow.send(group, turnIndex, items, this.#runner.earliestPendingNs());
    if (this.#debug?.state === undefined || !this.#runner.isBuffering) return;
    const { name, spec } = this.#flow.node.node;
    this.#debug.state({ node: name, kind: spec.kind, state: this.#runner.state() });
  }
}
