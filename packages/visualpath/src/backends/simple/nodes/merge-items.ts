import { FlowData } from '../../../core/flow-data.ts';
import type { Observation } from '../../../core/observation.ts';

/** Beyond this many observations a set is faster than looking through the list. */
const SET_FROM = 24;

/** Orders items by time; those of the same time stay as they came. */
export const byTime = (a: FlowData, b: FlowData): number => a.tNs - b.tNs;

/**
 * Makes one item of several: the newest frame, every observation once (by source and frame), the
 * metadata of all. Observations are in order of time.
 *
 * @param items - At least one, in order of time.
 */
export function mergeItems(
  items: readonly FlowData[],
  path: string,
  extra?: Readonly<Record<string, unknown>>,
): FlowData {
  const newest = items[items.length - 1]!;
  let metadata = newest.metadata;
  let isMixed = false;
  let count = 0;
  for (const item of items) {
    count += item.observations.length;
    if (item.metadata !== metadata) isMixed = true;
  }
  if (isMixed) {
    const all: Record<string, unknown> = {};
    // One by one: so many arguments as there may be items no call takes.
    for (const item of items) Object.assign(all, item.metadata);
    metadata = all;
  }
  if (extra !== undefined) metadata = { ...metadata, ...extra };
  const observations = count < SET_FROM ? uniqueOfFew(items) : uniqueOfMany(items);
  // Items are in order of time; those that were merged before may each span several frames.
  if (!isInOrder(observations)) observations.sort((a, b) => a.tNs - b.tNs);
  return new FlowData(newest.frame, observations, path, metadata);
}

function isInOrder(observations: readonly Observation[]): boolean {
  for (let i = 1; i < observations.length; i++) {
    if (observations[i]!.tNs < observations[i - 1]!.tNs) return false;
  }
  return true;
}

function uniqueOfFew(items: readonly FlowData[]): Observation[] {
  const unique: Observation[] = [];
  for (const { observations } of items) {
    for (const observation of observations) {
      if (!unique.some((known) => isSame(known, observation))) unique.push(observation);
    }
  }
  return unique;
}

const isSame = (a: Observation, b: Observation): boolean =>
  a === b || (a.frameId === b.frameId && a.tNs === b.tNs && a.source === b.source);

function uniqueOfMany(items: readonly FlowData[]): Observation[] {
  const byKey = new Map<string, Observation>();
  for (const { observations } of items) {
    for (const observation of observations) {
      const key = observationKey(observation);
      if (!byKey.has(key)) byKey.set(key, observation);
    }
  }
  return [...byKey.values()];
}

/** What makes an observation the same as another one: source and frame. */
export const observationKey = ({ source, frameId, tNs }: Observation): string =>
  `${frameId}/${tNs}/${source}`;
