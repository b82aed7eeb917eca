import { isolationLevelOf, type IsolationConfig } from '../../core/isolation.ts';
import type { FlowGraph } from '../../flow/flow-graph.ts';

/**
 * What a backend that does not isolate has to say when it is asked to. Also emitted as process
 * warnings, so that nobody believes in a border that is not there.
 */
export function isolationWarnings(
  graph: FlowGraph,
  isolation: IsolationConfig | undefined,
): readonly string[] {
  const asked: string[] = [];
  for (const { spec } of graph.nodes) {
    if (spec.kind !== 'module') continue;
    for (const { name } of spec.modules) {
      const level = isolationLevelOf(spec.isolation ?? isolation, name);
      if (level !== 'inline') asked.push(`${name} (${level})`);
    }
  }
  if (asked.length === 0) return [];
  const warning = `These modules should be isolated, but the simple backend runs everything in one process: ${asked.join(', ')}. Install visualpath-isolation and use backend "worker".`;
  process.emitWarning(warning, { code: 'VP_ISOLATION_IGNORED' });
  return [warning];
}
