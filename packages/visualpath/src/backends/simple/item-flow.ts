import type { FlowData } from '../../core/flow-data.ts';
import type { DebugHooks } from '../debug-hooks.ts';
import type { NodeCounters } from './node-counters.ts';
import { NOTHING } from './nodes/node-runner.ts';
import type { PlanNode } from './plan.ts';
import type { TurnGroup } from './turn-group.ts';

/** Moves items of one node in and out: gathers what edges bring, counts, and keeps the watermarks. */
export class ItemFlow {
  readonly node: PlanNode;
  readonly counters: NodeCounters;
  readonly #hasBuffers: boolean;
  readonly #debug: DebugHooks | undefined;

  constructor(
    node: PlanNode,
    counters: NodeCounters,
    hasBuffers: boolean,
    debug: DebugHooks | undefined,
  ) {
    this.node = node;
    this.counters = counters;
    this.#hasBuffers = hasBuffers;
    this.#debug = debug;
  }

  /** What arrives in a turn, in order of the nodes that it comes from. */
  gather(group: TurnGroup, turnIndex: number): readonly FlowData[] {
    const { inputs } = this.node;
    const turnCount = group.turns.length;
    let items: readonly FlowData[];
    if (inputs.length === 1 && inputs[0]!.path === undefined) {
      items = group.outputs[inputs[0]!.from * turnCount + turnIndex]!;
    } else {
      const found: FlowData[] = [];
      for (const { from, path } of inputs) {
        for (const data of group.outputs[from * turnCount + turnIndex]!) {
          if (path === undefined || data.path === path) found.push(data);
        }
      }
      items = found.length === 0 ? NOTHING : found;
    }
    this.counters.inCount += items.length;
    if (this.#debug?.enter !== undefined && items.length > 0) {
      const { name, spec } = this.node.node;
      this.#debug.enter({ node: name, kind: spec.kind, items });
    }
    return items;
  }

  /** Newest media time up to which everything upstream has arrived with this turn. */
  watermarkNs(group: TurnGroup, turnIndex: number): number {
    const turn = group.turns[turnIndex]!;
    if (!this.#hasBuffers) return turn.watermarkNs;
    const turnCount = group.turns.length;
    let watermarkNs = turn.watermarkNs;
    for (const { from } of this.node.inputs) {
      watermarkNs = Math.min(watermarkNs, group.watermarksNs[from * turnCount + turnIndex]!);
    }
    return watermarkNs;
  }

  /**
   * Hands on what leaves in a turn.
   *
   * @param hasEntered - Whether something arrived in this turn.
   * @param pendingNs - Earliest media time of what may still leave; `Infinity` if nothing.
   */
  send(
    group: TurnGroup,
    turnIndex: number,
    items: readonly FlowData[],
    hasEntered: boolean,
    pendingNs: number = Infinity,
  ): void {
    const { index, acceptedPaths, node } = this.node;
    const at = index * group.turns.length + turnIndex;
    group.outputs[at] = items;
    this.counters.outCount += items.length;
    if (acceptedPaths !== undefined) {
      for (const data of items) {
        if (acceptedPaths.has(data.path)) continue;
        this.counters.unroutedCount += 1;
        this.counters.outCount -= 1;
      }
    }
    if (this.#hasBuffers) {
      group.watermarksNs[at] = Math.min(this.watermarkNs(group, turnIndex), pendingNs - 1);
    }
    if (this.#debug?.exit === undefined || (items.length === 0 && !hasEntered)) return;
    this.#debug.exit({ node: node.name, kind: node.spec.kind, items });
  }
}
