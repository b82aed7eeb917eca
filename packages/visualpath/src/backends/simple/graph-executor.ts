import type { Frame } from 'visualbase';
import { FlowData } from '../../core/flow-data.ts';
import type { AnyModule } from '../../core/module.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';
import { showValue } from '../../plugin/printable.ts';
import type { ModuleStats, NodeStats } from '../pipeline-result.ts';
import { ItemFlow } from './item-flow.ts';
import { Lifecycle } from './lifecycle.ts';
import { ModuleNode } from './module-node.ts';
import type { ModuleOp } from './module-op.ts';
import { NodeCounters } from './node-counters.ts';
import { NodeOp } from './node-op.ts';
import { NOTHING } from './nodes/node-runner.ts';
import { compilePlan, modulesInOrder, type Plan } from './plan.ts';
import { Sequencer } from './sequencer.ts';
import { SimpleInterpreter, type InterpreterOptions } from './simple-interpreter.ts';
import { DEFAULT_ABORT_GRACE_MS } from './simple-settings.ts';
import { makeTurn, type Turn } from './turn.ts';
import { TurnGroup } from './turn-group.ts';
import { watchHooks } from './watch-hooks.ts';

/** Options of {@link GraphExecutor}. */
export interface ExecutorOptions extends InterpreterOptions {
  /** Whether steps that do not depend on each other run side by side. Default true. */
  readonly isParallel?: boolean;
  /** Whether `processBatch` is used where a module has it. Default false. */
  readonly isBatched?: boolean;
  /** Whether groups of turns will be run before earlier ones have ended. Default false. */
  readonly isPipelined?: boolean;
}

interface Op {
  readonly isOrdered: boolean;
  run(group: TurnGroup, limit: number): Promise<void> | undefined;
}

interface GatedOp {
  readonly op: Op;
  readonly gate: Sequencer | undefined;
}

/** What happens between two steps: module nodes take their items at the first, send at the last. */
interface Stage {
  readonly begins: readonly ModuleWorkplace[];
  readonly ops: readonly GatedOp[];
  readonly ends: readonly ModuleWorkplace[];
}

interface ModuleWorkplace {
  readonly flow: ItemFlow;
  readonly node: ModuleNode;
}

/**
 * A graph compiled for running in this process: stages of steps without look-ups by name. Push frames
 * in, get what leaves the graph out; nodes remember from frame to frame. Runs are made of it by a
 * SimpleBackend; use it by itself to drive a graph frame by frame.
 *
 * @example
 * ```ts
 * const executor = new GraphExecutor(graph);
 * await executor.initialize();
 * try {
 *   for await (const frame of source) console.log(await executor.process(frame));
 *   console.log(await executor.flush());
 * } finally {
 *   await executor.cleanup();
 * }
 * ```
 */
export class GraphExecutor {
  readonly #plan: Plan;
  readonly #options: ExecutorOptions;
  readonly #interpreter: SimpleInterpreter;
  readonly #stages: readonly Stage[];
  readonly #flows: readonly ItemFlow[];
  readonly #sources: readonly number[];
  readonly #terminals: readonly number[];
  readonly #moduleOps: readonly ModuleOp[];
  readonly #lifecycle: Lifecycle;
  #groupCount = 0;
  #watermarkNs = -Infinity;
  #isWarm = false;
  #lastTurn: Turn | undefined;
  /** A debug hook that failed after it had answered with a promise. */
  #hookFailure: { readonly error: unknown } | undefined;

  /** @throws VisualError `VP_GRAPH_INVALID`. */
  constructor(graph: FlowGraph, options: ExecutorOptions = {}) {
    this.#plan = compilePlan(graph);
    const noteFailure = (error: unknown): void => {
      this.#hookFailure ??= { error };
    };
    this.#options = { ...options, debug: options.debug && watchHooks(options.debug, noteFailure) };
    this.#interpreter = new SimpleInterpreter(this.#options);
    this.#sources = [...this.#plan.sources.values()];
    const { stages, flows, moduleOps } = this.#compile();
    this.#stages = stages;
    this.#flows = flows;
    this.#moduleOps = moduleOps;
    this.#terminals = this.#plan.nodes.filter((n) => n.isTerminal).map(({ index }) => index);
    this.#lifecycle = new Lifecycle(this.modules, DEFAULT_ABORT_GRACE_MS);
  }

  /** Every module in the order in which they are started: each after those it depends on. */
  get modules(): readonly AnyModule[] {
    return modulesInOrder(this.#plan);
  }

  /** Names of the source nodes, each with its number. */
  get sources(): ReadonlyMap<string, number> {
    return this.#plan.sources;
  }

  /** Whether some node keeps the pixels of frames beyond their turn. */
  get keepsFrames(): boolean {
    return this.#plan.nodes.some((node) => node.keepFrames);
  }

  /** Starts every module. @throws VisualError `VP_MODULE_START_FAILED`; call `cleanup` all the same. */
  initialize(): Promise<void> {
    return this.#lifecycle.initialize(this.#options.signal);
  }

  /**
   * Takes one frame through the graph. The first one warms the modules up.
   *
   * @param source - Name of the source node that it enters by. Needed where the graph has several.
   * @returns What left the graph, valid until the next call.
   * @throws RangeError if the graph has no such source, or several and none is named.
   */
  async process(frame: Frame, source?: string): Promise<readonly FlowData[]> {
    const sourceIndex = this.#indexOfSource(source);
    if (!this.#isWarm) {
      this.#isWarm = true;
      await this.#lifecycle.warmup(frame, this.#options.signal);
    }
    return this.#runAlone(this.makeGroup([this.makeTurn(frame, sourceIndex, false)]));
  }

  /** Ends the stream: gives what nodes still kept. */
  flush(): Promise<readonly FlowData[]> {
    return this.#runAlone(this.makeFlush());
  }

  /** Cleans every module up that was started, in reverse. @returns What they threw. */
  cleanup(): Promise<readonly unknown[]> {
    this.#lastTurn = undefined;
    this.releaseFrames();
    return this.#lifecycle.cleanup(this.#options.signal);
  }

  /** @internal Makes the turn of the next frame. */
  makeTurn(frame: Frame, sourceIndex: number, isRecorded: boolean): Turn {
    if (frame.tSrcNs > this.#watermarkNs) this.#watermarkNs = frame.tSrcNs;
    return makeTurn(frame, sourceIndex, this.#watermarkNs, isRecorded);
  }

  /** @internal Groups turns to go through the graph together. */
  makeGroup(turns: readonly Turn[]): TurnGroup {
    return new TurnGroup(this.#groupCount++, turns, this.#plan.nodes.length);
  }

  /** @internal Makes the group that ends the stream. */
  makeFlush(isRecorded = false): TurnGroup {
    return this.makeGroup([makeTurn(undefined, -1, Infinity, isRecorded)]);
  }

  /**
   * @internal Takes a group through the graph. Errors are noted in it; this never throws. With
   * `isPipelined` it may be called before earlier groups have ended, in order of their numbers.
   */
  run(group: TurnGroup): Promise<void> | undefined {
    try {
      this.throwHookFailure();
      this.#enterSources(group);
    } catch (error) {
      failInHook(group, error);
    }
    for (let s = 0; s < this.#stages.length; s++) {
      const pending = this.#runStage(this.#stages[s]!, group);
      if (pending !== undefined) return this.#runRest(pending, s, group);
    }
    this.#collectResults(group);
    return undefined;
  }

  /** @internal To be called when the results of a turn have been delivered, before its frame goes back. */
  settle(turn: Turn): void {
    this.#interpreter.pins.settle(turn);
  }

  /** @internal Throws what a debug hook failed with after it had answered. */
  throwHookFailure(): void {
    if (this.#hookFailure !== undefined) throw this.#hookFailure.error;
  }

  /** @internal Lets go of every frame that nodes keep. */
  releaseFrames(): void {
    this.#interpreter.pins.releaseAll();
  }

  /** @internal */
  moduleStats(): Readonly<Record<string, ModuleStats>> {
    return Object.fromEntries(
      this.#moduleOps.map(({ step }) => [step.name, step.counters.snapshot()]),
    );
  }

  /** @internal */
  nodeStats(): Readonly<Record<string, NodeStats>> {
    return Object.fromEntries(
      this.#flows.map(({ node: { node }, counters }) => [
        node.name,
        counters.snapshot(node.spec.kind),
      ]),
    );
  }

  #indexOfSource(name: string | undefined): number {
    const index = name === undefined ? this.#sources[0] : this.sources.get(name);
    if (index !== undefined && (name !== undefined || this.#sources.length === 1)) return index;
    throw new RangeError(
      `The \`source\` must be one of the graph's source nodes (${[...this.sources.keys()].join(', ')}), got ${showValue(name)}.`,
    );
  }

  async #runAlone(group: TurnGroup): Promise<readonly FlowData[]> {
    if (this.#lastTurn !== undefined) this.settle(this.#lastTurn);
    const turn = group.turns[0]!;
    this.#lastTurn = turn;
    await this.run(group);
    if (group.failure !== undefined) throw group.failure.error;
    return turn.results;
  }

  async #runRest(pending: Promise<void>, stageAt: number, group: TurnGroup): Promise<void> {
    await pending;
    this.#endStage(this.#stages[stageAt]!, group);
    for (let s = stageAt + 1; s < this.#stages.length; s++) {
      const next = this.#runStage(this.#stages[s]!, group);
      if (next === undefined) continue;
      await next;
      this.#endStage(this.#stages[s]!, group);
    }
    this.#collectResults(group);
  }

  #enterSources(group: TurnGroup): void {
    const { turns } = group;
    for (const index of this.#sources) {
      const flow = this.#flows[index]!;
      for (let t = 0; t < turns.length; t++) {
        const { frame, sourceIndex } = turns[t]!;
        if (frame === undefined || sourceIndex !== index) {
          flow.send(group, t, NOTHING, false);
          continue;
        }
        flow.counters.inCount += 1;
        flow.send(group, t, [new FlowData(frame, NO_OBSERVATIONS, flow.node.sourcePath)], true);
      }
    }
  }

  /** Runs a stage to its end, or gives a promise of its steps; the stage is then to be ended. */
  #runStage(stage: Stage, group: TurnGroup): Promise<void> | undefined {
    this.#beginStage(stage, group);
    const pending =
      this.#options.isParallel === false
        ? this.#runInOrder(stage.ops, 0, group)
        : this.#runSideBySide(stage.ops, group);
    if (pending === undefined) this.#endStage(stage, group);
    return pending;
  }

  #runInOrder(ops: readonly GatedOp[], start: number, group: TurnGroup): Promise<void> | undefined {
    for (let i = start; i < ops.length; i++) {
      const pending = this.#runOp(ops[i]!, group, group.limit);
      if (pending !== undefined) return pending.then(() => this.#runInOrder(ops, i + 1, group));
    }
    return undefined;
  }

  #runSideBySide(ops: readonly GatedOp[], group: TurnGroup): Promise<void> | undefined {
    // What one step does must not depend on whether another fails before or after it.
    const { limit } = group;
    let first: Promise<void> | undefined;
    let others: Promise<void>[] | undefined;
    for (const op of ops) {
      const pending = this.#runOp(op, group, limit);
      if (pending === undefined) continue;
      if (first === undefined) first = pending;
      else (others ??= []).push(pending);
    }
    return others === undefined ? first : Promise.all([first, ...others]).then(() => undefined);
  }

  #runOp({ op, gate }: GatedOp, group: TurnGroup, limit: number): Promise<void> | undefined {
    if (gate === undefined) return op.run(group, limit);
    const turnToCome = gate.enter(group.number);
    if (turnToCome !== undefined) {
      return turnToCome.then(() => op.run(group, limit)).then(() => gate.leave());
    }
    const pending = op.run(group, limit);
    if (pending !== undefined) return pending.then(() => gate.leave());
    gate.leave();
    return undefined;
  }

  #beginStage({ begins }: Stage, group: TurnGroup): void {
    for (const place of begins) {
      try {
        beginWork(place, group);
      } catch (error) {
        failInHook(group, error);
        beginWork(place, group);
      }
    }
  }

  #endStage({ ends }: Stage, group: TurnGroup): void {
    for (const place of ends) {
      try {
        endWork(place, group);
      } catch (error) {
        failInHook(group, error);
      }
    }
  }

  #collectResults(group: TurnGroup): void {
    const turnCount = group.turns.length;
    const terminals = this.#terminals;
    for (let t = 0; t < group.limit; t++) {
      const turn = group.turns[t]!;
      if (terminals.length === 1) turn.results = group.outputs[terminals[0]! * turnCount + t]!;
      else turn.results = terminals.flatMap((index) => group.outputs[index * turnCount + t]!);
    }
  }

  #compile(): { stages: Stage[]; flows: ItemFlow[]; moduleOps: ModuleOp[] } {
    const { nodes, stageCount, hasBuffers } = this.#plan;
    const { isParallel = true, isBatched = false, isPipelined = false, debug } = this.#options;
    const stages = Array.from({ length: stageCount }, () => ({
      begins: [] as ModuleWorkplace[],
      ops: [] as GatedOp[],
      ends: [] as ModuleWorkplace[],
    }));
    const flows: ItemFlow[] = [];
    const moduleOps: ModuleOp[][] = stages.map(() => []);
    const gated = (op: Op): GatedOp => ({
      op,
      gate: isPipelined && op.isOrdered ? new Sequencer() : undefined,
    });
    let order = 0;
    for (const planNode of nodes) {
      const { node, index, firstStage, lastStage, keepFrames } = planNode;
      const { spec } = node;
      if (spec.kind === 'source') {
        flows.push(new ItemFlow(planNode, new NodeCounters(), hasBuffers, debug));
      } else if (spec.kind === 'module') {
        const flow = new ItemFlow(planNode, new NodeCounters(), hasBuffers, debug);
        const moduleNode = new ModuleNode(
          spec,
          { nodeIndex: index, firstOrder: order },
          (module) => this.#interpreter.makeStep(node, module),
          { isParallel, isBatched },
          this.#interpreter.processContext,
        );
        const place = { flow, node: moduleNode };
        flows.push(flow);
        stages[firstStage]!.begins.push(place);
        stages[lastStage]!.ends.push(place);
        for (const [i, level] of moduleNode.levels.entries()) {
          stages[firstStage + i]!.ops.push(...level.map(gated));
          moduleOps[firstStage + i]!.push(...level);
        }
        order += moduleNode.ops.length;
      } else {
        const { runner, counters } = this.#interpreter.makeRunner(node, spec, keepFrames);
        const flow = new ItemFlow(planNode, counters, hasBuffers, debug);
        flows.push(flow);
        stages[firstStage]!.ops.push(gated(new NodeOp(flow, runner, order, this.#options)));
        order += 1;
      }
    }
    return { stages, flows, moduleOps: moduleOps.flat() };
  }
}

const NO_OBSERVATIONS = Object.freeze([]);

/** Between the steps nothing can fail but a debug hook: it ends the run before anything of the group is delivered. */
function failInHook(group: TurnGroup, error: unknown): void {
  group.fail({ turnIndex: 0, step: -1, item: 0, error });
}

function beginWork({ flow, node }: ModuleWorkplace, group: TurnGroup): void {
  const { index } = flow.node;
  if (group.turns.length === 1) {
    const items = group.limit > 0 ? flow.gather(group, 0) : NOTHING;
    group.works[index] = node.begin(items, undefined);
    return;
  }
  const items: FlowData[] = [];
  const turnOf: number[] = [];
  for (let t = 0; t < group.limit; t++) {
    for (const data of flow.gather(group, t)) {
      items.push(data);
      turnOf.push(t);
    }
  }
  group.works[index] = node.begin(items, turnOf);
}

function endWork({ flow, node }: ModuleWorkplace, group: TurnGroup): void {
  const { items, turnOf, slots } = group.works[flow.node.index]!;
  let next = 0;
  for (let t = 0; t < group.limit; t++) {
    const out: FlowData[] = [];
    const { observations } = group.turns[t]!;
    while (next < items.length && (turnOf?.[next] ?? 0) === t) {
      out.push(node.finish(items[next]!, slots[next]!));
      if (observations !== undefined) {
        for (const seen of slots[next]!) if (seen !== undefined) observations.push(seen);
      }
      next += 1;
    }
    flow.send(group, t, out, out.length > 0);
  }
}
