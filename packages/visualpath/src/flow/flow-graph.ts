import { VisualError } from 'visualbase';
import { nameOf } from '../core/dependency.ts';
import type { FlowData } from '../core/flow-data.ts';
import type { MaybePromise } from '../core/maybe-promise.ts';
import type { AnyModule } from '../core/module.ts';
import { shouldTrigger, type Observation } from '../core/observation.ts';
import type { FlowEdge, FlowNode } from './specs.ts';
import type { GraphProblem } from './validate/graph-problem.ts';
import { validateGraph } from './validate/validate-graph.ts';

/**
 * Called for every observation that asks for a trigger, before the frame's `onFrame`. A promise is
 * waited for.
 */
export type TriggerHandler = (data: FlowData, observation: Observation) => MaybePromise<void>;

/** What {@link FlowGraph} is made of. */
export interface FlowGraphInit {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly onTrigger?: TriggerHandler | undefined;
}

/**
 * A pipeline as a directed graph without circles: plain descriptions of nodes and edges, which any
 * backend can run. Immutable.
 */
export class FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly onTrigger: TriggerHandler | undefined;

  constructor(init: FlowGraphInit) {
    this.nodes = [...init.nodes];
    this.edges = [...init.edges];
    this.onTrigger = init.onTrigger;
  }

  /**
   * The usual graph: one source, and modules that look at every frame. Modules that others depend on
   * by value are added by themselves.
   */
  static fromModules(
    modules: readonly AnyModule[],
    options: { readonly onTrigger?: TriggerHandler | undefined } = {},
  ): FlowGraph {
    return new FlowGraph({
      nodes: [
        { name: 'source', spec: { kind: 'source' } },
        { name: 'modules', spec: { kind: 'module', modules: withValueDependencies(modules) } },
      ],
      edges: [{ from: 'source', to: 'modules' }],
      onTrigger: options.onTrigger,
    });
  }

  /** Every module of the graph, in the order of the nodes. */
  get modules(): readonly AnyModule[] {
    return this.nodes.flatMap((node) => (node.spec.kind === 'module' ? node.spec.modules : []));
  }

  /** The nodes that items can come to from a node, in the order of the nodes. */
  nodesAfter(name: string): readonly FlowNode[] {
    const reached = new Set<string>();
    const open = [name];
    for (let from = open.pop(); from !== undefined; from = open.pop()) {
      for (const edge of this.edges) {
        if (edge.from !== from || reached.has(edge.to)) continue;
        reached.add(edge.to);
        open.push(edge.to);
      }
    }
    return this.nodes.filter((node) => reached.has(node.name));
  }

  /**
   * Calls {@link FlowGraph.onTrigger} for every observation of an item that asks for a trigger. For
   * those who drive nodes themselves: backends do this, once for each trigger.
   *
   * @returns How many there were.
   */
  async fireTriggers(data: FlowData): Promise<number> {
    const firing = data.observations.filter(shouldTrigger);
    for (const observation of firing) await this.onTrigger?.(data, observation);
    return firing.length;
  }

  /** Everything that is wrong with the graph, errors first; empty for a sound one. */
  validate(): readonly GraphProblem[] {
    return validateGraph(this.nodes, this.edges);
  }

  /** Throws if {@link FlowGraph.validate} finds errors. @throws VisualError `VP_GRAPH_INVALID`. */
  assertValid(): void {
    const errors = this.validate().filter((problem) => problem.severity === 'error');
    if (errors.length === 0) return;
    const lines = errors.map(({ node, message, remedy }) => `- ${node}: ${message}; ${remedy}.`);
    throw new VisualError(
      'VP_GRAPH_INVALID',
      `The graph has ${errors.length} error${errors.length === 1 ? '' : 's'}:\n${lines.join('\n')}`,
      { details: { problems: errors } },
    );
  }
}

const isModule = (value: object): value is AnyModule => 'initialize' in value && 'cleanup' in value;

function withValueDependencies(modules: readonly AnyModule[]): AnyModule[] {
  const all: AnyModule[] = [];
  const add = (module: AnyModule): void => {
    if (all.includes(module)) return;
    all.push(module);
    for (const dependency of [...module.depends, ...module.optionalDepends]) {
      const isNamedHere = modules.some((other) => other.name === nameOf(dependency));
      if (typeof dependency === 'object' && !isNamedHere && isModule(dependency)) add(dependency);
    }
  };
  for (const module of modules) add(module);
  return all;
}
