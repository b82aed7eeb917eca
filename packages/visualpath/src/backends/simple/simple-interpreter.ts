import type { FlowData } from '../../core/flow-data.ts';
import type { MaybePromise } from '../../core/maybe-promise.ts';
import type { AnyModule, ProcessContext } from '../../core/module.ts';
import type { FlowNode, NodeSpec } from '../../flow/specs.ts';
import type { DebugHooks } from '../debug-hooks.ts';
import type { NodeErrorPolicy } from '../execution-backend.ts';
import { anySignal } from './any-signal.ts';
import { FramePins } from './frame-pins.ts';
import { ModuleNode } from './module-node.ts';
import type { CallOptions } from './module-op.ts';
import type { RunTracer } from '../../observability/run-tracer.ts';
import { makeModuleStep, type ModuleStep, type ModuleWatch } from './module-step.ts';
import { NodeCounters } from './node-counters.ts';
import { NodeGuard } from './node-guard.ts';
import { CascadeFusionRunner } from './nodes/cascade-fusion-runner.ts';
import { CollectorRunner } from './nodes/collector-runner.ts';
import { CustomRunner } from './nodes/custom-runner.ts';
import { JoinAnyRunner } from './nodes/join-any-runner.ts';
import { JoinRunner } from './nodes/join-runner.ts';
import type { NodeRunner, RunnerContext } from './nodes/node-runner.ts';
import { PassRunner } from './nodes/pass-runner.ts';
import { RouteRunner } from './nodes/route-runner.ts';
import { makeTest } from './nodes/tests.ts';
import { WindowRunner } from './nodes/window-runner.ts';
import { makeTurn } from './turn.ts';
import { TurnGroup } from './turn-group.ts';

/** Options of {@link SimpleInterpreter}. */
export interface InterpreterOptions {
  /** Default `raise`. */
  readonly onNodeError?: NodeErrorPolicy | undefined;
  /** Clock of `rateLimit` nodes in milliseconds. Default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
  readonly debug?: DebugHooks | undefined;
  /** @internal */
  readonly tracer?: RunTracer | undefined;
  /** Handed to modules and custom nodes. */
  readonly signal?: AbortSignal | undefined;
}

/** A node that is not a module node, ready to run. */
export interface RunningNode {
  readonly runner: NodeRunner;
  readonly counters: NodeCounters;
}

type OtherSpec = Exclude<NodeSpec, { readonly kind: 'source' | 'module' }>;

const INLINE: CallOptions = { isParallel: false, isBatched: false };

/**
 * Gives every kind of node its meaning in this process. A graph is run by a {@link GraphExecutor},
 * which asks the interpreter for runners; by itself it takes one item through one node, for tests and
 * tools.
 */
export class SimpleInterpreter {
  /** Frames that nodes keep beyond their turn. */
  readonly pins = new FramePins();
  /** What modules get with every call. */
  readonly processContext: ProcessContext;
  readonly #options: InterpreterOptions;
  readonly #alone = new Map<FlowNode, RunningNode | ModuleNode>();

  constructor(options: InterpreterOptions = {}) {
    this.#options = options;
    this.processContext = { signal: anySignal(options.signal) };
  }

  /**
   * Takes an item through a node. The node remembers from call to call what its kind has to remember.
   *
   * @param watermarkNs - Newest media time up to which everything has arrived. Default: the item's.
   * @returns What leaves the node.
   */
  async interpret(
    node: FlowNode,
    data: FlowData,
    watermarkNs: number = data.tNs,
  ): Promise<readonly FlowData[]> {
    let running = this.#alone.get(node);
    if (running === undefined) {
      running = this.#makeAlone(node);
      this.#alone.set(node, running);
    }
    const turn = makeTurn(data.frame, 0, watermarkNs, false);
    if (running instanceof ModuleNode) return this.#runModules(running, data, turn);
    return running.runner.run([data], watermarkNs, turn);
  }

  /** Makes the runner of a node for one run. */
  makeRunner(node: FlowNode, spec: OtherSpec, keepFrames: boolean): RunningNode {
    const counters = new NodeCounters();
    const { onNodeError = 'raise', nowMs = () => performance.now() } = this.#options;
    const context: RunnerContext = {
      name: node.name,
      counters,
      guard: new NodeGuard(node, counters, onNodeError, this.#errorWatcher(node)),
      pins: this.pins,
      keepFrames,
      nowMs,
      processContext: this.processContext,
    };
    return { runner: makeRunner(spec, context), counters };
  }

  /** Prepares a module of a node for calls. */
  makeStep(node: FlowNode, module: AnyModule): ModuleStep {
    const { tracer } = this.#options;
    const onCall: ModuleWatch['onCall'] =
      tracer?.isVerbose === true ? (...call) => tracer.module(module.name, ...call) : undefined;
    return makeModuleStep(module, {
      onError: this.#errorWatcher(node),
      onLate: (frame) => this.pins.markLate(frame),
      onCall,
    });
  }

  #errorWatcher({ name, spec }: FlowNode): ((error: unknown) => void) | undefined {
    const { debug, tracer } = this.#options;
    if (debug?.error === undefined && tracer === undefined) return undefined;
    return (error) => {
      tracer?.error(name, error);
      debug?.error?.({ node: name, kind: spec.kind, error });
    };
  }

  #makeAlone(node: FlowNode): RunningNode | ModuleNode {
    const { spec } = node;
    if (spec.kind === 'source') {
      return { runner: PASS_ALL, counters: new NodeCounters() };
    }
    if (spec.kind !== 'module') return this.makeRunner(node, spec, false);
    const makeStep = (module: AnyModule): ModuleStep => this.makeStep(node, module);
    const place = { nodeIndex: 0, firstOrder: 0 };
    return new ModuleNode(spec, place, makeStep, INLINE, this.processContext);
  }

  async #runModules(
    node: ModuleNode,
    data: FlowData,
    turn: ReturnType<typeof makeTurn>,
  ): Promise<readonly FlowData[]> {
    const group = new TurnGroup(0, [turn], 1);
    const work = node.begin([data], undefined);
    group.works[0] = work;
    for (const op of node.ops) await op.run(group, group.limit);
    if (group.failure !== undefined) throw group.failure.error;
    return [node.finish(data, work.slots[0]!)];
  }
}

const PASS_ALL: NodeRunner = {
  isBuffering: false,
  run: (items): MaybePromise<readonly FlowData[]> => items,
  earliestPendingNs: () => Infinity,
  state: () => ({}),
};

function makeRunner(spec: OtherSpec, context: RunnerContext): NodeRunner {
  switch (spec.kind) {
    case 'filter':
    case 'observationFilter':
    case 'signalFilter':
    case 'sample':
    case 'rateLimit':
    case 'timestampSample':
      return new PassRunner(makeTest(spec, context.nowMs), context);
    case 'branch':
    case 'fanOut':
    case 'multiBranch':
    case 'conditionalFanOut':
      return new RouteRunner(spec, context);
    case 'join':
      return spec.mode === 'any' ? new JoinAnyRunner(spec, context) : new JoinRunner(spec, context);
    case 'window':
      return new WindowRunner(spec, context);
    case 'collector':
      return new CollectorRunner(spec, context);
    case 'cascadeFusion':
      return new CascadeFusionRunner(spec, context);
    case 'custom':
      return new CustomRunner(spec, context);
  }
}
