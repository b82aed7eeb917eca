export {
  FileSource,
  Frame,
  NS_PER_MS,
  NS_PER_SEC,
  Trigger,
  VisualError,
  isVisualError,
  nsToSec,
  secToNs,
} from 'visualbase';
export type { FileSourceOptions, FrameSource } from 'visualbase';
export {
  Capability,
  hasCapability,
  isStateful,
  resourceGroupsOf,
  type ModuleCapabilities,
  type PortSchema,
  type PortType,
} from './core/capabilities.ts';
export { IsolationLevel, isolationLevelOf, type IsolationConfig } from './core/isolation.ts';
export type { Mark, MarkPoint } from './core/marks.ts';
export type {
  DataOf,
  Dependable,
  Dependency,
  DependencyOptions,
  DepsOf,
  ModuleOutputs,
  NameOf,
} from './core/dependency.ts';
export {
  buildConflictIsolation,
  checkCompatibility,
  type CompatibilityIssue,
  type CompatibilityOptions,
  type CompatibilityReport,
} from './core/compatibility.ts';
export { DummyAnalyzer, type DummyAnalyzerOptions } from './core/dummy-analyzer.ts';
export {
  analyzer,
  fusion,
  trigger,
  type AnalyzerOptions,
  type FusionOptions,
  type TriggerDraft,
  type TriggerOptions,
} from './core/function-modules.ts';
export {
  EXECUTION_PROFILES,
  ProfileName,
  executionProfile,
  type ExecutionProfile,
} from './core/profile.ts';
export type { ErrorPolicy } from './core/error-policy.ts';
export { FlowData, type FlowDataChange } from './core/flow-data.ts';
export type { MaybePromise } from './core/maybe-promise.ts';
export {
  Module,
  defineModule,
  type AnyModule,
  type DefinedModule,
  type ModuleDefinition,
  type ProcessContext,
  type ProcessResult,
} from './core/module.ts';
export {
  observe,
  shouldTrigger,
  triggerOf,
  triggerReason,
  triggerScore,
  type Observation,
  type ObservationInit,
  type Signals,
  type SignalValue,
} from './core/observation.ts';
export { FlowGraph, type FlowGraphInit, type TriggerHandler } from './flow/flow-graph.ts';
export { FlowGraphBuilder } from './flow/flow-graph-builder.ts';
export type { ComparisonOp, Condition, SignalCondition } from './flow/condition.ts';
export type {
  BranchSpec,
  CollectorMetadata,
  CascadeFusionSpec,
  CollectorSpec,
  ConditionalFanOutSpec,
  CustomProcessor,
  CustomSpec,
  FanOutSpec,
  FilterSpec,
  FlowEdge,
  FlowNode,
  JoinMetadata,
  JoinSpec,
  ModuleSpec,
  MultiBranchSpec,
  NodeKind,
  NodeSpec,
  ObservationFilterSpec,
  PathCondition,
  RateLimitSpec,
  SampleSpec,
  SignalFilterSpec,
  SourceSpec,
  TimestampSampleSpec,
  WindowMetadata,
  WindowSpec,
} from './flow/specs.ts';
export type { GraphProblem } from './flow/validate/graph-problem.ts';
export type {
  ExecuteOptions,
  ExecutionBackend,
  ExecutionSession,
  FrameHandler,
  Frames,
  FramesBySource,
  NodeErrorPolicy,
  Overflow,
  QueueOptions,
  SessionOptions,
} from './backends/execution-backend.ts';
export type { DebugHooks } from './backends/debug-hooks.ts';
export type {
  ModuleStats,
  NodeStats,
  PipelineResult,
  RunStats,
} from './backends/pipeline-result.ts';
export { GraphExecutor, type ExecutorOptions } from './backends/simple/graph-executor.ts';
export { SimpleBackend } from './backends/simple/simple-backend.ts';
export {
  SimpleInterpreter,
  type InterpreterOptions,
} from './backends/simple/simple-interpreter.ts';
export type { SimpleBackendOptions } from './backends/simple/simple-settings.ts';
export { run, run as processVideo, type RunOptions, type RunSubject } from './api/run.ts';
export { App, type AppRunOptions, type BatchResult, type VideoOutcome } from './api/app.ts';
export type { BackendChoice, ModuleChoice } from './api/prepare-run.ts';
export type { SourceOptions } from './api/source-options.ts';
export type { Video } from './api/video.ts';
export { ObservationLog } from './log/observation-log.ts';
export type { ObservationFilter } from './log/observation-filter.ts';
export type { ObservationLogOptions } from './log/observation-log-options.ts';
export type { SignalSeries } from './log/signal-series.ts';
export { decodeObservation, encodeObservation } from './log/observation-codec.ts';
export {
  discoverModules,
  type DiscoverOptions,
  type Discovery,
} from './plugin/discover-modules.ts';
export type {
  DiscoveredPlugin,
  PluginInfo,
  PluginKind,
  RegisteredPlugin,
} from './plugin/plugin-info.ts';
export type { PluginProblem } from './plugin/plugin-problem.ts';
export {
  PluginRegistry,
  type PluginRegistryOptions,
  type PluginSource,
} from './plugin/plugin-registry.ts';
export { toDot } from './viz/to-dot.ts';
export { toMermaid } from './viz/to-mermaid.ts';
export { toAscii } from './viz/to-ascii.ts';
export { printAscii } from './viz/print-ascii.ts';
export type { DrawableGraph } from './viz/drawing.ts';
export { graphFromJson, graphToJson, type GraphFromJsonOptions } from './flow/graph-json.ts';
export type { GraphJson, ModuleJson, NodeJson, NodeSpecJson } from './flow/graph-json-shape.ts';
