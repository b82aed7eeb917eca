import type { Frame } from 'visualbase';
import type { Observation } from './observation.ts';

/** What travels along the edges of a graph: a frame and what has been seen in it so far. */
export class FlowData {
  readonly frame: Frame;
  /** In the order in which the modules ran. */
  readonly observations: readonly Observation[];
  /** Names of the nodes it came through, joined by `/`. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  #byName: ReadonlyMap<string, Observation> | undefined;

  constructor(
    frame: Frame,
    observations: readonly Observation[],
    path: string,
    metadata: Readonly<Record<string, unknown>>,
  ) {
    this.frame = frame;
    this.observations = observations;
    this.path = path;
    this.metadata = metadata;
  }

  /** Media time of the frame in nanoseconds. */
  get tNs(): number {
    return this.frame.tSrcNs;
  }

  /** The observations by module name. */
  get results(): ReadonlyMap<string, Observation> {
    return (this.#byName ??= new Map(this.observations.map((seen) => [seen.source, seen])));
  }
}
