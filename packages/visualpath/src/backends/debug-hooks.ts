import type { FlowData } from '../core/flow-data.ts';
import type { NodeKind } from '../flow/specs.ts';

interface NodeEvent {
  /** Name of the node. */
  readonly node: string;
  readonly kind: NodeKind;
}

/**
 * Hooks that watch nodes at work. An error that a hook throws ends the run, as in any callback. A promise
 * that one gives is not waited for; if it rejects while the run is under way, that ends the run too.
 */
export interface DebugHooks {
  /** Items have arrived at a node. */
  enter?(event: NodeEvent & { readonly items: readonly FlowData[] }): void;
  /** Items leave a node; none if it held all back. */
  exit?(event: NodeEvent & { readonly items: readonly FlowData[] }): void;
  /** What a node that keeps items remembers after a turn, in figures. */
  state?(event: NodeEvent & { readonly state: Readonly<Record<string, number>> }): void;
  /** The code of a node or a module has thrown, whatever becomes of the error. */
  error?(event: NodeEvent & { readonly error: unknown }): void;
}
