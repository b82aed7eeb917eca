import { hasCapability, isStateful } from '../../core/capabilities.ts';
import { checkCompatibility } from '../../core/compatibility.ts';
import { Module, type AnyModule } from '../../core/module.ts';
import type { FlowNode } from '../specs.ts';
import { graphWarning, type GraphProblem } from './graph-problem.ts';
import { modulesOf } from './modules-of.ts';

/** Finds capabilities that contradict each other, in one module or between modules. */
export function capabilityWarnings(nodes: readonly FlowNode[]): readonly GraphProblem[] {
  const { issues } = checkCompatibility(nodes.flatMap(modulesOf));
  return [
    ...nodes.flatMap((node) =>
      modulesOf(node).flatMap((module) => moduleWarnings(node.name, module)),
    ),
    ...issues.map(({ message, remedy }) => graphWarning('graph', message, remedy)),
  ];
}

function moduleWarnings(node: string, module: AnyModule): GraphProblem[] {
  const warnings: GraphProblem[] = [];
  const warn = (what: string, remedy: string): void => {
    warnings.push(graphWarning(node, `module "${module.name}" ${what}`, remedy));
  };
  const isBatching = hasCapability(module, 'BATCHING');
  if (module.capabilities.maxBatchSize !== undefined && !isBatching) {
    warn('has a maxBatchSize but does not declare BATCHING', 'add the flag or remove the size');
  }
  if (isBatching && module.processBatch === Module.prototype.processBatch) {
    warn(
      'declares BATCHING but has no processBatch of its own',
      'write processBatch, or remove the flag',
    );
  }
  if (isStateful(module) && hasCapability(module, 'THREAD_SAFE')) {
    warn(
      'is stateful and THREAD_SAFE; it is called one frame at a time all the same',
      'remove the flag',
    );
  }
  return warnings;
}
