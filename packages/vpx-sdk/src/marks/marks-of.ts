import { VisualError } from 'visualbase';
import type { AnyModule, Mark, Observation } from 'visualpath';
import type { ModuleMarks } from './mark-renderer.ts';

/**
 * What the modules have to draw for their observations of one frame, in the order of the observations.
 *
 * @param modules - Those that made the observations; an observation of another is passed over.
 * @throws VisualError `VPX_ANNOTATE_FAILED` if `annotate` of a module throws.
 */
export function marksOf(
  modules: Iterable<AnnotatingModule>,
  observations: Iterable<Observation>,
): readonly ModuleMarks[] {
  const byName = new Map([...modules].map((module) => [module.name, module]));
  return [...observations].flatMap((observation) => {
    const module = byName.get(observation.source);
    return module === undefined
      ? []
      : [{ module: module.name, marks: annotated(module, observation) }];
  });
}

type AnnotatingModule = Pick<AnyModule, 'name' | 'annotate'>;

function annotated(module: AnnotatingModule, observation: Observation): readonly Mark[] {
  try {
    return module.annotate(observation);
  } catch (cause) {
    const { frameId } = observation;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new VisualError(
      'VPX_ANNOTATE_FAILED',
      `The module "${module.name}" could not say what to draw for frame ${frameId}: ${reason}. Correct its annotate().`,
      { cause, details: { module: module.name, frameId } },
    );
  }
}
