import type { ExecutionBackend } from '../backends/execution-backend.ts';
import { SimpleBackend } from '../backends/simple/simple-backend.ts';
import type { SimpleBackendOptions } from '../backends/simple/simple-settings.ts';
import { buildConflictIsolation } from '../core/compatibility.ts';
import { isolationLevelOf, type IsolationConfig } from '../core/isolation.ts';
import type { AnyModule } from '../core/module.ts';
import { executionProfile, type ProfileName } from '../core/profile.ts';
import type { FlowGraph } from '../flow/flow-graph.ts';
import { type PluginRegistry } from '../plugin/plugin-registry.ts';

/** How a graph is to be run; shared by `run` and `App`. */
export interface BackendChoice {
  /**
   * A backend, or the name of one: `simple`, or one that an installed package brings, such as `worker`
   * of visualpath-isolation. Default: `simple`, or `worker` if modules are to be isolated and it is
   * installed.
   */
  readonly backend?: ExecutionBackend | string;
  /** Frames that go through the graph together. Default 1. Not with a backend that is made already. */
  readonly batchSize?: number;
  /** Groups of frames that may be worked on at a time. Default: as the profile says. */
  readonly maxInFlight?: number;
  /** Whether what does not depend on each other runs side by side. Default true. */
  readonly parallel?: boolean;
  /** Which modules run how far from the rest. Default: all in this process. */
  readonly isolation?: IsolationConfig;
  /** A set of choices under one name. Default `lite`. */
  readonly profile?: ProfileName;
  /** Where modules and backends are found by name. Default: a new registry for the current folder. */
  readonly registry?: PluginRegistry;
}

/** What a choice has come to for one graph. */
export interface PreparedRun {
  readonly backend: ExecutionBackend;
  readonly isolation: IsolationConfig | undefined;
}

/** A module, the name of one that an installed package brings, or name and options. */
export type ModuleChoice =
  AnyModule | string | { readonly name: string; readonly options?: unknown };

/** Makes modules of names. @throws VisualError `VP_PLUGIN_NOT_FOUND`, `VP_PLUGIN_BROKEN`. */
export async function resolveModules(
  modules: readonly ModuleChoice[],
  registry: PluginRegistry,
): Promise<readonly AnyModule[]> {
  return Promise.all(
    modules.map(async (module) => {
      if (typeof module === 'string') return registry.create(module);
      return 'process' in module ? module : registry.create(module.name, module.options);
    }),
  );
}

/** Chooses backend and isolation for a graph. @throws TypeError for options that exclude each other. */
export async function prepareRun(
  graph: FlowGraph,
  choice: BackendChoice,
  registry: PluginRegistry,
): Promise<PreparedRun> {
  const profile = executionProfile(choice.profile ?? 'lite');
  const isolation = profile.isolatesConflicts
    ? buildConflictIsolation(graph.modules, choice.isolation)
    : choice.isolation;
  const { batchSize, parallel } = choice;
  const maxInFlight = choice.maxInFlight ?? profile.maxInFlight;
  const options: SimpleBackendOptions = {
    maxInFlight,
    ...(batchSize !== undefined && { batchSize }),
    ...(parallel !== undefined && { parallel }),
  };
  const backend = await chooseBackend(choice, options, isolation, graph, registry);
  return { backend, isolation };
}

async function chooseBackend(
  choice: BackendChoice,
  options: SimpleBackendOptions,
  isolation: IsolationConfig | undefined,
  graph: FlowGraph,
  registry: PluginRegistry,
): Promise<ExecutionBackend> {
  const { backend } = choice;
  if (typeof backend === 'object') {
    refuseBackendOptions(choice);
    return backend;
  }
  if (backend !== undefined && backend !== 'simple') {
    return registry.createBackend(backend, options);
  }
  const isIsolating = graph.nodes.some(
    ({ spec }) =>
      spec.kind === 'module' &&
      spec.modules.some(
        ({ name }) => isolationLevelOf(spec.isolation ?? isolation, name) !== 'inline',
      ),
  );
  // Asked for by name, the simple backend runs all in one process and says so.
  if (backend === undefined && isIsolating && (await registry.listBackends()).has('worker')) {
    return registry.createBackend('worker', options);
  }
  return new SimpleBackend(options);
}

function refuseBackendOptions(choice: BackendChoice): void {
  for (const name of ['batchSize', 'maxInFlight', 'parallel'] as const) {
    if (choice[name] === undefined) continue;
    throw new TypeError(
      `The \`${name}\` option is for backends by name; give it to the backend: new SimpleBackend({ ${name}: ${choice[name]} }).`,
    );
  }
}
