export { asyncFrames, syntheticFrames, type SyntheticFramesOptions } from './synthetic-frames.ts';
export { RingFrames, type RingFramesOptions } from './ring-frames.ts';
export {
  conformanceCaseCount,
  describeBackend,
  type DescribeBackendOptions,
  type TestRunner,
} from './conformance/describe-backend.ts';
export type { OpenBackend, Schedule } from './conformance/conformance-case.ts';
export {
  recordItem,
  recordObservation,
  recordRun,
  recordStats,
  type RecordedItem,
  type RecordedObservation,
  type RunEvent,
  type RunRecord,
} from './conformance/record-run.ts';
export { compareRandomGraphs } from './conformance/random/random-graph-group.ts';
export { graphRecipe, timesOf, type GraphRecipe } from './conformance/random/graph-recipe.ts';
export { randomGraph } from './conformance/random/random-graph.ts';
