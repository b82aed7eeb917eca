export {
  FakeFrame,
  type FakeFrameInit,
  type FakeImageInit,
  type FakeSequenceInit,
} from './fake-frame.ts';
export type { FakePixels, Rgb } from './paint-pixels.ts';
export { readFrames, type ReadFramesOptions } from './read-frames.ts';
export {
  observeFrames,
  type FakeObservations,
  type ObserveFramesOptions,
} from './observe-frames.ts';
export {
  assertBoxNear,
  assertObservation,
  assertPointsNear,
  assertSignals,
  type BoxTolerance,
  type ExpectedObservation,
  type SignalTolerance,
  type Tolerance,
} from './assertions.ts';
export { PluginTestHarness } from './harness/plugin-test-harness.ts';
export {
  describePlugin,
  type DescribePluginOptions,
  type TestRunner,
} from './harness/describe-plugin.ts';
export type { HarnessOptions, MemoryLimits } from './harness/harness-options.ts';
export { formatReport, type CheckResult, type HarnessReport } from './harness/harness-report.ts';
export type { CheckName } from './harness/check-name.ts';
