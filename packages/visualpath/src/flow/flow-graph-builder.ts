import { isPromise, letGo } from '../core/maybe-promise.ts';
import { FlowGraph, type TriggerHandler } from './flow-graph.ts';
import type {
  BranchSpec,
  CascadeFusionSpec,
  CollectorSpec,
  ConditionalFanOutSpec,
  CustomSpec,
  FanOutSpec,
  FilterSpec,
  FlowEdge,
  FlowNode,
  JoinSpec,
  ModuleSpec,
  MultiBranchSpec,
  NodeSpec,
  ObservationFilterSpec,
  RateLimitSpec,
  SampleSpec,
  SignalFilterSpec,
  SourceSpec,
  TimestampSampleSpec,
  WindowSpec,
} from './specs.ts';

/** Parameters of a node: its spec without the kind, which the method says. */
type Parameters<S extends NodeSpec> = Omit<S, 'kind'>;

/** An open end: the next node is connected to it. */
interface Tail {
  readonly from: string;
  /** Path that the edge from here is for. */
  readonly path?: string;
  /** Path that all items here are on, where that is known. */
  readonly isOn?: string | undefined;
}

/**
 * Builds a graph node by node. Each node follows what was added last; after a branch or fan-out
 * {@link FlowGraphBuilder.on} goes on with one path, and the next node takes all open ends together.
 *
 * @example
 * ```ts
 * const graph = new FlowGraphBuilder()
 *   .source('frames')
 *   .fanOut('split', { paths: ['faces', 'bodies'] })
 *   .on('faces', (arm) => arm.module('face', { modules: [faceDetect] }))
 *   .on('bodies', (arm) => arm.sample('thin', { every: 3 }).module('body', { modules: [pose] }))
 *   .join('both', { paths: ['faces', 'bodies'], unmatched: 'emit' })
 *   .onTrigger((data, observation) => console.log(data.tNs, observation.source))
 *   .build();
 * ```
 */
export class FlowGraphBuilder {
  readonly #nodes: FlowNode[] = [];
  readonly #edges: FlowEdge[] = [];
  #tails: readonly Tail[] = [];
  #onTrigger: TriggerHandler | undefined;

  /** Adds a source, as one more open end. */
  source(name = 'source', options: Parameters<SourceSpec> = {}): this {
    this.#nodes.push({ name, spec: { kind: 'source', ...options } });
    this.#tails = [...this.#tails, { from: name, isOn: options.path ?? 'main' }];
    return this;
  }

  /** Adds modules whose items are on a path of the node's name from then on. */
  path(name: string, options: Omit<Parameters<ModuleSpec>, 'path'>): this {
    return this.module(name, { ...options, path: name });
  }

  /** Adds modules. */
  module(name: string, options: Parameters<ModuleSpec>): this {
    return this.#add(name, { kind: 'module', ...options });
  }

  /** Adds a {@link FilterSpec}. */
  filter(name: string, options: Parameters<FilterSpec>): this {
    return this.#add(name, { kind: 'filter', ...options });
  }

  /** Adds an {@link ObservationFilterSpec}. */
  observationFilter(name: string, options: Parameters<ObservationFilterSpec> = {}): this {
    return this.#add(name, { kind: 'observationFilter', ...options });
  }

  /** Adds a {@link SignalFilterSpec}. */
  signalFilter(name: string, options: Parameters<SignalFilterSpec>): this {
    return this.#add(name, { kind: 'signalFilter', ...options });
  }

  /** Adds a {@link SampleSpec}. */
  sample(name: string, options: Parameters<SampleSpec>): this {
    return this.#add(name, { kind: 'sample', ...options });
  }

  /** Adds a {@link RateLimitSpec}. */
  rateLimit(name: string, options: Parameters<RateLimitSpec>): this {
    return this.#add(name, { kind: 'rateLimit', ...options });
  }

  /** Adds a {@link TimestampSampleSpec}. */
  timestampSample(name: string, options: Parameters<TimestampSampleSpec>): this {
    return this.#add(name, { kind: 'timestampSample', ...options });
  }

  /** Adds a {@link BranchSpec}. */
  branch(name: string, options: Parameters<BranchSpec>): this {
    return this.#addRoutes(name, { kind: 'branch', ...options }, [options.ifTrue, options.ifFalse]);
  }

  /** Adds a {@link FanOutSpec}. */
  fanOut(name: string, options: Parameters<FanOutSpec>): this {
    return this.#addRoutes(name, { kind: 'fanOut', ...options }, options.paths);
  }

  /** Adds a {@link MultiBranchSpec}. */
  multiBranch(name: string, options: Parameters<MultiBranchSpec>): this {
    const { branches, defaultPath } = options;
    const paths = branches.map(({ path }) => path);
    return this.#addRoutes(
      name,
      { kind: 'multiBranch', ...options },
      defaultPath === undefined ? paths : [...paths, defaultPath],
    );
  }

  /** Adds a {@link ConditionalFanOutSpec}. */
  conditionalFanOut(name: string, options: Parameters<ConditionalFanOutSpec>): this {
    const paths = options.branches.map(({ path }) => path);
    return this.#addRoutes(name, { kind: 'conditionalFanOut', ...options }, paths);
  }

  /** Adds a {@link JoinSpec}, which takes all open ends. */
  join(name: string, options: Parameters<JoinSpec>): this {
    return this.#add(name, { kind: 'join', ...options });
  }

  /** Adds a {@link WindowSpec}. */
  window(name: string, options: Parameters<WindowSpec>): this {
    return this.#add(name, { kind: 'window', ...options });
  }

  /** Adds a {@link CollectorSpec}. */
  collector(name: string, options: Parameters<CollectorSpec>): this {
    return this.#add(name, { kind: 'collector', ...options });
  }

  /** Adds a {@link CascadeFusionSpec}. */
  cascadeFusion(name: string, options: Parameters<CascadeFusionSpec>): this {
    return this.#add(name, { kind: 'cascadeFusion', ...options });
  }

  /** Adds a {@link CustomSpec}. */
  custom(name: string, options: Parameters<CustomSpec>): this {
    return this.#add(name, { kind: 'custom', ...options });
  }

  /**
   * Goes on with one of the open paths; where it ends stays open beside the others.
   *
   * @param build - Adds the nodes at once; it cannot be asynchronous.
   * @throws RangeError if no open end is for that path; TypeError if `build` gives a promise.
   */
  on(path: string, build: (arm: this) => this | void): this {
    const isFor = (tail: Tail): boolean => (tail.path ?? tail.isOn) === path;
    const arm = this.#tails.filter(isFor);
    if (arm.length === 0) {
      const open = this.#tails.map((tail) => {
        const known = tail.path ?? tail.isOn;
        return known === undefined ? `node "${tail.from}"` : `path "${known}"`;
      });
      throw new RangeError(
        `No open end is for path "${path}"; open are ${open.join(', ') || 'none'}.`,
      );
    }
    const others = this.#tails.filter((tail) => !isFor(tail));
    this.#tails = arm;
    const answer: unknown = build(this);
    if (isPromise(answer)) {
      letGo(answer);
      throw new TypeError(
        `What follows on path "${path}" must be added at once, but a promise was returned. Wait for what it needs before you build the graph.`,
      );
    }
    this.#tails = [...others, ...this.#tails];
    return this;
  }

  /** Goes on from a node that was added before, with all of its items or those on one path. */
  from(name: string, path?: string): this {
    this.#tails = [path === undefined ? { from: name } : { from: name, path }];
    return this;
  }

  /** Lets what is open here leave the graph: the next node is not connected to it. */
  end(): this {
    this.#tails = [];
    return this;
  }

  /** Adds an edge between any two nodes. */
  connect(from: string, to: string, path?: string): this {
    this.#edges.push(path === undefined ? { from, to } : { from, to, path });
    return this;
  }

  /** Sets what is called for every trigger. */
  onTrigger(handler: TriggerHandler): this {
    this.#onTrigger = handler;
    return this;
  }

  /** Makes the graph. @throws VisualError `VP_GRAPH_INVALID` listing everything that is wrong. */
  build(): FlowGraph {
    const graph = new FlowGraph({
      nodes: this.#nodes,
      edges: this.#edges,
      onTrigger: this.#onTrigger,
    });
    graph.assertValid();
    return graph;
  }

  #add(name: string, spec: NodeSpec): this {
    this.#nodes.push({ name, spec });
    for (const { from, path } of this.#tails) this.connect(from, name, path);
    this.#tails = [{ from: name, isOn: this.#pathBehind(name, spec) }];
    return this;
  }

  /** The path that everything behind a new node is on, if that is known. */
  #pathBehind(name: string, spec: NodeSpec): string | undefined {
    if (spec.kind === 'join') return spec.path ?? name;
    if (spec.kind === 'module' && spec.path !== undefined) return spec.path;
    if (spec.kind === 'custom' || spec.kind === 'window') return undefined;
    const paths = new Set(this.#tails.map((tail) => tail.path ?? tail.isOn));
    return paths.size === 1 ? [...paths][0] : undefined;
  }

  #addRoutes(name: string, spec: NodeSpec, paths: readonly string[]): this {
    this.#add(name, spec);
    this.#tails = [...new Set(paths)].map((path) => ({ from: name, path }));
    return this;
  }
}
