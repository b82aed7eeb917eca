import { nameOf } from '../../core/dependency.ts';
import type { AnyModule } from '../../core/module.ts';
import type { FlowNode } from '../specs.ts';
import { graphWarning, type GraphProblem } from './graph-problem.ts';
import { modulesOf } from './modules-of.ts';

/** Finds signals that a module says it reads and that no module it depends on says it gives, or of another type. */
export function portWarnings(nodes: readonly FlowNode[]): readonly GraphProblem[] {
  const byName = new Map(nodes.flatMap(modulesOf).map((module) => [module.name, module]));
  return nodes.flatMap((node) =>
    modulesOf(node).flatMap((module) => inputWarnings(node.name, module, byName)),
  );
}

function inputWarnings(
  node: string,
  module: AnyModule,
  byName: ReadonlyMap<string, AnyModule>,
): GraphProblem[] {
  const givers = [...module.depends, ...module.optionalDepends]
    .map((dependency) => byName.get(nameOf(dependency)))
    .filter((giver) => giver !== undefined);
  // A giver without a schema may give anything.
  const isKnown = givers.every((giver) => giver.portSchema !== undefined);
  const warnings: GraphProblem[] = [];
  for (const [signal, type] of Object.entries(module.portSchema?.inputs ?? {})) {
    const types = givers
      .map((giver) => giver.portSchema?.outputs[signal])
      .filter((given) => given !== undefined);
    const reads = `module "${module.name}" reads the signal "${signal}" (${type})`;
    if (types.length === 0 && isKnown) {
      const names = givers.map(({ name }) => `"${name}"`).join(', ') || 'no module';
      const message = `${reads}, which ${names} does not declare as an output`;
      warnings.push(graphWarning(node, message, 'correct the port schema of one of them'));
    } else if (types.length > 0 && !types.includes(type)) {
      const message = `${reads}, which is declared as ${types.join(' and ')}`;
      warnings.push(graphWarning(node, message, 'correct the port schema of one of them'));
    }
  }
  return warnings;
}
