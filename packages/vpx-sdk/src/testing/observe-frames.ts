import type { Frame } from 'visualbase';
import {
  observe,
  type AnyModule,
  type DataOf,
  type Observation,
  type ObservationInit,
} from 'visualpath';

/** What other modules have seen in a frame, by name; undefined for one that saw nothing. */
export type FakeObservations = Readonly<Record<string, ObservationInit | undefined>>;

/** Options of {@link observeFrames}. */
export interface ObserveFramesOptions {
  /** What the modules it depends on have seen in each frame. Default: nothing. */
  readonly observations?: (frame: Frame, index: number) => FakeObservations;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a module, shows it frames one after the other, and cleans it up whatever happens: what a run
 * does with a single module, without graph and backend.
 *
 * Frames for which an observation of a module in `depends` is missing are passed over, as in a run.
 *
 * @returns An observation for each frame; undefined where the module saw nothing or was passed over.
 * @throws What the module throws; the signal's reason.
 *
 * @example
 * ```ts
 * const [seen] = await observeFrames(new Brightness(), [FakeFrame.make()]);
 * assertSignals(seen, { brightness: 0.5 }, { tolerance: 0.01 });
 * ```
 */
export async function observeFrames<M extends AnyModule>(
  module: M,
  frames: Iterable<Frame>,
  options: ObserveFramesOptions = {},
): Promise<readonly (Observation<DataOf<M>> | undefined)[]> {
  const { observations = () => ({}), signal = new AbortController().signal } = options;
  const seen: (Observation<DataOf<M>> | undefined)[] = [];
  try {
    await module.initialize();
    for (const frame of frames) {
      signal.throwIfAborted();
      const deps = observationsOf(frame, observations(frame, seen.length));
      const isReady = module.depends.every((one) => deps[nameOf(one)] !== undefined);
      // The names were looked up at run time: their types are for who writes modules.
      const result = isReady ? await module.process(frame, deps as never, { signal }) : undefined;
      // What process gives is what DataOf reads off it.
      const init = result as ObservationInit<DataOf<M>> | undefined | null;
      seen.push(init ? observe(module.name, frame, init) : undefined);
    }
  } finally {
    await module.cleanup();
  }
  return seen;
}

/** Makes observations of a frame out of what modules are said to have seen in it. */
export function observationsOf(
  frame: Frame,
  inits: FakeObservations,
): Readonly<Record<string, Observation>> {
  const made: Record<string, Observation> = {};
  for (const [name, init] of Object.entries(inits)) {
    if (init !== undefined) made[name] = observe(name, frame, init);
  }
  return made;
}

/** Name of a dependency, which is a name or a module. */
export const nameOf = (dependency: string | { readonly name: string }): string =>
  typeof dependency === 'string' ? dependency : dependency.name;
