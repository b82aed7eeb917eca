import type {
  ExecuteOptions,
  ExecutionBackend,
  FlowData,
  FlowGraph,
  Frames,
  FramesBySource,
  Observation,
  PipelineResult,
  RunStats,
} from 'visualpath';

/** An item as plain data. */
export interface RecordedItem {
  readonly frameId: number;
  readonly tNs: number;
  readonly path: string;
  readonly observations: readonly RecordedObservation[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An observation as plain data. */
export interface RecordedObservation {
  readonly source: string;
  readonly frameId: number;
  readonly tNs: number;
  readonly signals: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

/** Everything that a run lets one see, in the order in which it came. */
export interface RunRecord {
  readonly events: readonly RunEvent[];
  readonly result: PipelineResult | undefined;
  readonly error: unknown;
}

/** Something that a run called back for. */
export type RunEvent =
  | { readonly type: 'frame'; readonly frameId: number; readonly items: readonly RecordedItem[] }
  | { readonly type: 'trigger'; readonly frameId: number; readonly source: string }
  | { readonly type: 'flush'; readonly items: readonly RecordedItem[] }
  | { readonly type: 'observation'; readonly observation: RecordedObservation };

/** Copies an observation, so that nothing of the run is held. */
export function recordObservation(observation: Observation): RecordedObservation {
  const { source, frameId, tNs, signals, data } = observation;
  const record = { source, frameId, tNs, signals: { ...signals } };
  return data === undefined ? record : { ...record, data };
}

/** Copies an item, so that nothing of the run is held. */
export function recordItem(data: FlowData): RecordedItem {
  return {
    frameId: data.frame.frameId,
    tNs: data.tNs,
    path: data.path,
    observations: data.observations.map(recordObservation),
    metadata: { ...data.metadata },
  };
}

/** Runs a graph and writes down all that is called back; errors are caught. */
export async function recordRun(
  backend: ExecutionBackend,
  frames: Frames | FramesBySource,
  graph: FlowGraph,
  options: ExecuteOptions & { readonly recordObservations?: boolean } = {},
): Promise<RunRecord> {
  const events: RunEvent[] = [];
  const { recordObservations = false, ...execute } = options;
  let result: PipelineResult | undefined;
  let error: unknown;
  try {
    result = await backend.execute(frames, graph, {
      ...execute,
      onFrame: async (frame, results) => {
        const items = results.map(recordItem);
        events.push({ type: 'frame', frameId: frame.frameId, items });
        return options.onFrame?.(frame, results);
      },
      onTrigger: async (data, observation) => {
        const { source, frameId } = observation;
        events.push({ type: 'trigger', frameId, source });
        await options.onTrigger?.(data, observation);
      },
      onFlush: async (results) => {
        events.push({ type: 'flush', items: results.map(recordItem) });
        await options.onFlush?.(results);
      },
      ...(recordObservations && {
        onObservation: (observation) => {
          events.push({ type: 'observation', observation: recordObservation(observation) });
        },
      }),
    });
  } catch (thrown) {
    error = thrown;
  }
  return { events, result, error };
}

/** The figures of a run that do not depend on time or schedule. */
export function recordStats(stats: RunStats): unknown {
  const modules = Object.entries(stats.modules).map(([name, figures]) => {
    const { callCount, observationCount, skippedCount } = figures;
    return [name, { callCount, observationCount, skippedCount }];
  });
  const { readCount, processedCount, dropped, nodes, isStoppedEarly } = stats;
  return {
    ...{ readCount, processedCount, dropped, nodes, isStoppedEarly },
    modules: Object.fromEntries(modules) as unknown,
    duplicateTriggerCount: stats.duplicateTriggerCount,
  };
}
