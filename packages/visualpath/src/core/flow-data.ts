import type { Frame } from 'visualbase';
import type { Observation } from './observation.ts';

/** What can be changed by {@link FlowData.with}. */
export interface FlowDataChange {
  readonly path?: string;
  readonly observations?: readonly Observation[];
  /** Added to the metadata there is. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const NO_METADATA: Readonly<Record<string, unknown>> = Object.freeze({});

/** What travels along the edges of a graph: a frame and what has been seen so far. Immutable. */
export class FlowData {
  /**
   * The frame, or the newest one where several were joined or collected. After its turn its pixels
   * are gone unless a node keeps them (`keepFrames`); id and time stay.
   */
  readonly frame: Frame;
  /** In the order in which the modules ran; those of several frames in order of time. */
  readonly observations: readonly Observation[];
  /** Name of the path it is on, which sources, branches, fan-outs and joins set and edges select by. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  #byName: ReadonlyMap<string, Observation> | undefined;

  constructor(
    frame: Frame,
    observations: readonly Observation[],
    path: string,
    metadata: Readonly<Record<string, unknown>> = NO_METADATA,
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

  /** The observations by module name; of several by one module the newest. */
  get results(): ReadonlyMap<string, Observation> {
    return (this.#byName ??= new Map(this.observations.map((seen) => [seen.source, seen])));
  }

  /** The same with something changed. */
  with({ path, observations, metadata }: FlowDataChange): FlowData {
    return new FlowData(
      this.frame,
      observations ?? this.observations,
      path ?? this.path,
      metadata === undefined ? this.metadata : { ...this.metadata, ...metadata },
    );
  }
}
