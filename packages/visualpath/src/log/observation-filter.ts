import type { Observation } from '../core/observation.ts';

/** Which observations of a log to read; all of them by default. */
export interface ObservationFilter {
  /** Name of the module. */
  readonly source?: string;
  /** Earliest media time, inclusive. */
  readonly fromNs?: number;
  /** Latest media time, exclusive. */
  readonly toNs?: number;
}

/** What is known of a chunk without reading it. */
export interface ChunkSpan {
  readonly sources: ReadonlySet<string>;
  readonly minNs: number;
  readonly maxNs: number;
}

/** Tells whether a filter lets an observation through. */
export const passes = (
  { source, fromNs = -Infinity, toNs = Infinity }: ObservationFilter,
  observation: Observation,
): boolean =>
  (source === undefined || observation.source === source) &&
  observation.tNs >= fromNs &&
  observation.tNs < toNs;

/** Tells whether a chunk may hold something that the filter lets through. */
export const mayPass = (
  { source, fromNs = -Infinity, toNs = Infinity }: ObservationFilter,
  span: ChunkSpan,
): boolean =>
  (source === undefined || span.sources.has(source)) && span.maxNs >= fromNs && span.minNs < toNs;

/** Summarises a chunk. Times need not be in order. */
export function spanOf(observations: readonly Observation[]): ChunkSpan {
  const sources = new Set<string>();
  let minNs = Infinity;
  let maxNs = -Infinity;
  for (const { source, tNs } of observations) {
    sources.add(source);
    minNs = Math.min(minNs, tNs);
    maxNs = Math.max(maxNs, tNs);
  }
  return { sources, minNs, maxNs };
}
