import type { AnyModule } from '../core/module.ts';

/** Where frames enter a graph. */
export interface SourceSpec {
  readonly kind: 'source';
}

/** Modules that look at every frame, in the order of their dependencies. */
export interface ModuleSpec {
  readonly kind: 'module';
  readonly modules: readonly AnyModule[];
}

/** What a node does: a plain description to which the backends give meaning. */
export type NodeSpec = SourceSpec | ModuleSpec;

/** A named node of a graph. */
export interface FlowNode {
  readonly name: string;
  readonly spec: NodeSpec;
}

/** A connection: what leaves `from` enters `to`. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
}
