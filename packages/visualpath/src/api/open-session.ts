import type {
  ExecutionBackend,
  ExecutionSession,
  SessionOptions,
} from '../backends/execution-backend.ts';
import type { FlowGraph } from '../flow/flow-graph.ts';

/** Opens a session, also on a backend that has none: modules are then started for each video. */
export async function openSession(
  backend: ExecutionBackend,
  graph: FlowGraph,
  options: SessionOptions,
): Promise<ExecutionSession> {
  if (backend.open !== undefined) return backend.open(graph, options);
  const close = (): Promise<void> => Promise.resolve();
  return {
    execute: (frames, execute) =>
      backend.execute(frames, graph, { ...execute, isolation: options.isolation }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
