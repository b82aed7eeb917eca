import type { PipelineResult } from 'visualpath';
import type { RecordedItem, RecordedObservation, RunEvent } from '../record-run.ts';

/** An observation as text, `module#frameId`. */
const observationText = ({ source, frameId }: RecordedObservation): string =>
  `${source}#${frameId}`;

/** An item as text, `frameId@tNs path: observations`. */
function itemText({ frameId, tNs, path, observations }: RecordedItem): string {
  const item = `${frameId}@${tNs} ${path}`;
  if (observations.length === 0) return item;
  return `${item}: ${observations.map(observationText).join(' ')}`;
}

/**
 * The events of a run as texts, in order: `frame 0 -> item | item`, `flush -> item`,
 * `trigger module#frameId`, `saw module#frameId`.
 */
export const runTexts = (events: readonly RunEvent[]): readonly string[] => events.map(eventText);

function eventText(event: RunEvent): string {
  switch (event.type) {
    case 'frame':
      return withItems(`frame ${event.frameId}`, event.items);
    case 'flush':
      return withItems('flush', event.items);
    case 'trigger':
      return `trigger ${event.source}#${event.frameId}`;
    case 'observation':
      return `saw ${observationText(event.observation)}`;
  }
}

const withItems = (name: string, items: readonly RecordedItem[]): string =>
  items.length === 0 ? name : `${name} -> ${items.map(itemText).join(' | ')}`;

/** Every item that left the graph, in order, as in {@link itemText}. */
export const itemsOf = (events: readonly RunEvent[]): readonly RecordedItem[] =>
  events.flatMap((event) => (event.type === 'frame' || event.type === 'flush' ? event.items : []));

const FIGURES = ['in', 'out', 'filtered', 'unrouted', 'unmatched', 'late', 'error'] as const;

/** The figures of a node that are not 0, as text: `in 5, out 3, filtered 2`. */
export function nodeText({ stats }: PipelineResult, name: string): string {
  const node = stats.nodes[name];
  if (node === undefined) throw new RangeError(`No figures of a node "${name}".`);
  return FIGURES.filter((figure) => node[`${figure}Count`] !== 0)
    .map((figure) => `${figure} ${node[`${figure}Count`]}`)
    .join(', ');
}

/** Figures of a module that do not depend on time or schedule, as text: `called 3, saw 2, skipped 1`. */
export function moduleText({ stats }: PipelineResult, name: string): string {
  const module = stats.modules[name];
  if (module === undefined) throw new RangeError(`No figures of a module "${name}".`);
  const { callCount, observationCount, skippedCount } = module;
  return `called ${callCount}, saw ${observationCount}, skipped ${skippedCount}`;
}

/** The same texts with the items of each turn in alphabetical order, where several nodes give some. */
export const runTextsSorted = (events: readonly RunEvent[]): readonly string[] =>
  events.map((event) => {
    if (event.type !== 'frame' && event.type !== 'flush') return eventText(event);
    const items = event.items.map(itemText).sort();
    const name = event.type === 'frame' ? `frame ${event.frameId}` : 'flush';
    return items.length === 0 ? name : `${name} -> ${items.join(' | ')}`;
  });
