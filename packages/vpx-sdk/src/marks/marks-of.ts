import type { AnyModule, Observation } from 'visualpath';
import type { ModuleMarks } from './mark-renderer.ts';

/**
 * What the modules have to draw for their observations of one frame, in the order of the observations.
 *
 * @param modules - Those that made the observations; an observation of another is passed over.
 * @throws What `annotate` of a module throws.
 */
export function marksOf(
  modules: Iterable<Pick<AnyModule, 'name' | 'annotate'>>,
  observations: Iterable<Observation>,
): readonly ModuleMarks[] {
  const byName = new Map([...modules].map((module) => [module.name, module]));
  return [...observations].flatMap((observation) => {
    const module = byName.get(observation.source);
    return module === undefined
      ? []
      : [{ module: module.name, marks: module.annotate(observation) }];
  });
}
