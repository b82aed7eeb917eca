export { FileSource, Frame, Trigger, VisualError, isVisualError } from 'visualbase';
export type { FileSourceOptions, FrameSource } from 'visualbase';
export type { Capability, ModuleCapabilities, PortSchema } from './core/capabilities.ts';
export type {
  DataOf,
  Dependable,
  Dependency,
  DepsOf,
  ModuleOutputs,
  NameOf,
} from './core/dependency.ts';
export type { ErrorPolicy } from './core/error-policy.ts';
export { FlowData } from './core/flow-data.ts';
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
export type { FlowEdge, FlowNode, ModuleSpec, NodeSpec, SourceSpec } from './flow/specs.ts';
export type { GraphProblem } from './flow/validate-graph.ts';
export type {
  ExecuteOptions,
  ExecutionBackend,
  FrameHandler,
  Frames,
} from './backends/execution-backend.ts';
export type { ModuleStats, PipelineResult, RunStats } from './backends/pipeline-result.ts';
export { SimpleBackend } from './backends/simple/simple-backend.ts';
export { run, run as processVideo, type RunOptions } from './api/run.ts';
