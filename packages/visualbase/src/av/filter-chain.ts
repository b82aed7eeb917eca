import { Filter, FilterGraph, type FilterContext } from 'node-av/lib';
import { VisualError } from '../errors/visual-error.ts';
import { check } from './check.ts';

/** A filter by FFmpeg's name with its options, such as `['atempo', 'tempo=2']`. */
export type FilterStep = readonly [name: string, options?: string];

/** Filters in a row, from a source that frames are pushed into to a sink that they are pulled from. */
export interface FilterChain {
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
}

/**
 * Builds and configures a chain. The caller frees its graph.
 *
 * @throws VisualError `VB_FFMPEG` when a filter is unknown or refuses its options.
 */
export function buildFilterChain(steps: readonly FilterStep[]): FilterChain {
  const graph = new FilterGraph();
  graph.alloc();
  try {
    const filters = steps.map(([name, options]) => createFilter(graph, name, options));
    filters.slice(1).forEach((filter, i) => {
      check(filters[i]!.link(0, filter, 0), 'avfilter_link');
    });
    check(graph.configSync(), 'avfilter_graph_config');
    return { graph, source: filters[0]!, sink: filters.at(-1)! };
  } catch (error) {
    graph.free();
    throw error;
  }
}

function createFilter(graph: FilterGraph, name: string, options?: string): FilterContext {
  const filter = Filter.getByName(name);
  const context = filter && graph.createFilter(filter, name, options ?? null);
  if (!context) {
    throw new VisualError(
      'VB_FFMPEG',
      `FFmpeg's filter "${name}" could not be created with the options "${options ?? ''}".`,
      { details: { name, options } },
    );
  }
  return context;
}
