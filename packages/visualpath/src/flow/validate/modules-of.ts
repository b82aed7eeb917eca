import type { AnyModule } from '../../core/module.ts';
import type { FlowNode } from '../specs.ts';

/** Modules of a node; none if it is no module node. */
export const modulesOf = ({ spec }: FlowNode): readonly AnyModule[] =>
  spec.kind === 'module' ? spec.modules : [];

/** Names that occur more than once, each once. */
export const duplicatesOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];
