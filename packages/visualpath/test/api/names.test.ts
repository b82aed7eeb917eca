import { expect, it } from 'vitest';
import * as visualpath from '../../src/index.ts';
import {
  App,
  Capability,
  FlowGraph,
  FlowGraphBuilder,
  IsolationLevel,
  PluginRegistry,
  ProfileName,
  type DebugHooks,
  type ErrorPolicy,
  type ExecutionBackend,
  type ExecutionProfile,
  type FlowData,
  type FlowNode,
  type IsolationConfig,
  type ModuleCapabilities,
  type Observation,
  type PipelineResult,
  type PortSchema,
} from '../../src/index.ts';

// Types have no name at run time: that this compiles is the test.
export type Expected = [
  ErrorPolicy['maxRetries' | 'timeoutMs' | 'fallback'],
  IsolationConfig['defaultLevel' | 'overrides' | 'venvPaths'],
  ModuleCapabilities['flags' | 'resourceGroup'],
  PortSchema['inputs' | 'outputs'],
  ExecutionProfile,
  ExecutionBackend['execute'],
  PipelineResult['triggers' | 'frameCount' | 'stats'],
  Observation['source' | 'frameId' | 'tNs' | 'signals' | 'data' | 'metadata' | 'timing'],
  FlowData['frame' | 'observations' | 'results' | 'path' | 'metadata' | 'tNs'],
  FlowNode,
  DebugHooks,
];

it('exports what people who know the architecture expect', () => {
  expect(Object.keys(visualpath)).toEqual(
    expect.arrayContaining([
      ...['Module', 'defineModule', 'DummyAnalyzer', 'analyzer', 'fusion', 'trigger', 'Trigger'],
      ...['shouldTrigger', 'triggerScore', 'triggerReason', 'Frame', 'FlowData'],
      ...['IsolationLevel', 'Capability', 'ProfileName', 'checkCompatibility'],
      ...['FlowGraph', 'FlowGraphBuilder', 'toDot', 'toMermaid', 'toAscii', 'printAscii'],
      ...['SimpleBackend', 'SimpleInterpreter', 'GraphExecutor'],
      ...['PluginRegistry', 'discoverModules', 'run', 'processVideo', 'App'],
      ...['graphToJson', 'graphFromJson', 'buildConflictIsolation', 'ObservationLog'],
    ]),
  );
  expect(visualpath.processVideo).toBe(visualpath.run);
});

it('has the methods and values that they expect', () => {
  expect(Object.values(IsolationLevel)).toEqual(['inline', 'thread', 'process', 'venv', 'remote']);
  expect(Object.values(ProfileName)).toEqual(['lite', 'platform']);
  expect(Object.keys(Capability)).toEqual([
    ...['GPU', 'BATCHING', 'THREAD_SAFE', 'STATEFUL', 'DETERMINISTIC', 'CROSS_HOST_OK'],
    'NEEDS_ZERO_COPY',
  ]);
  for (const name of ['validate', 'assertValid', 'fireTriggers'] as const) {
    expect(FlowGraph.prototype[name]).toBeTypeOf('function');
  }
  for (const name of ['listModules', 'create', 'register'] as const) {
    expect(PluginRegistry.prototype[name]).toBeTypeOf('function');
  }
  const hooks = [
    ...['setup', 'configureModules', 'configureGraph', 'onFrame', 'onTrigger', 'afterRun'],
    ...['teardown', 'onVideoStart', 'onVideoEnd', 'run', 'runBatch'],
  ];
  for (const hook of hooks) expect(App.prototype).toHaveProperty(hook);
});

it('has a builder method for each of the seventeen kinds', () => {
  const kinds = [
    ...['source', 'module', 'filter', 'observationFilter', 'signalFilter', 'sample', 'rateLimit'],
    ...['timestampSample', 'branch', 'fanOut', 'multiBranch', 'conditionalFanOut', 'join'],
    ...['window', 'collector', 'cascadeFusion', 'custom'],
  ];
  expect(kinds).toHaveLength(17);
  for (const kind of [...kinds, 'path', 'onTrigger', 'build']) {
    expect(FlowGraphBuilder.prototype).toHaveProperty(kind);
  }
});
