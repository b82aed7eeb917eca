import type { Frame } from 'visualbase';
import type { ModuleCapabilities, PortSchema } from './capabilities.ts';
import type { Dependency, DependencyOptions, DepsOf } from './dependency.ts';
import type { ErrorPolicy } from './error-policy.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { Mark } from './marks.ts';
import type { Observation, ObservationInit } from './observation.ts';

/** What the platform tells a module about the call. */
export interface ProcessContext {
  /** Aborts when the run ends early or the call has exceeded its time. */
  readonly signal: AbortSignal;
}

/** What `process` may return: an observation, or `undefined` / `null` for "saw nothing". */
export type ProcessResult<T = unknown> = ObservationInit<T> | undefined | null;

/** A module as the platform sees it; made by {@link Module} or {@link defineModule}. */
export interface AnyModule {
  readonly name: string;
  readonly depends: readonly Dependency[];
  readonly optionalDepends: readonly Dependency[];
  readonly dependencyOptions?: DependencyOptions;
  readonly stateful: boolean;
  readonly capabilities: ModuleCapabilities;
  readonly portSchema: PortSchema | undefined;
  readonly errorPolicy: ErrorPolicy | undefined;
  initialize(): MaybePromise<void>;
  warmup(sampleFrame: Frame): MaybePromise<void>;
  process(frame: Frame, deps: never, ctx: ProcessContext): MaybePromise<ProcessResult>;
  processBatch(
    frames: readonly Frame[],
    depsList: readonly never[],
    ctx: ProcessContext,
  ): MaybePromise<readonly ProcessResult[]>;
  reset(): MaybePromise<void>;
  cleanup(): MaybePromise<void>;
  annotate(observation: Observation): readonly Mark[];
}

const NO_CAPABILITIES: ModuleCapabilities = { flags: [] };

/**
 * The one interface of everything that looks at frames: analyzers and triggers alike.
 *
 * @example
 * ```ts
 * class Brightness extends Module {
 *   readonly name = 'frame.brightness';
 *   process(frame: Frame) {
 *     const { data } = frame.gray();
 *     return { signals: { brightness: data.reduce((a, b) => a + b, 0) / data.length / 255 } };
 *   }
 * }
 * ```
 */
export abstract class Module<T = unknown> implements AnyModule {
  /** `domain.action`, unique in a graph. */
  abstract readonly name: string;
  /** Modules whose observations `process` needs; a frame without one of them skips this module. */
  readonly depends: readonly Dependency[] = [];
  /** Modules whose observations `process` takes if they are there. */
  readonly optionalDepends: readonly Dependency[] = [];
  /**
   * Options that modules it depends on need for this one to get what it looks for, by module and option.
   * Who makes modules by name (`vpx run`) sets them where the user has not said otherwise.
   */
  readonly dependencyOptions: DependencyOptions = {};
  /** True if the module remembers earlier frames: it then sees them strictly in order, one at a time. */
  readonly stateful: boolean = false;
  readonly capabilities: ModuleCapabilities = NO_CAPABILITIES;
  readonly portSchema: PortSchema | undefined = undefined;
  readonly errorPolicy: ErrorPolicy | undefined = undefined;

  /** Acquires what the module needs; called once, before any frame. */
  initialize(): MaybePromise<void> {
    return undefined;
  }

  /** Called once after every `initialize`, with the first frame, before it is processed. */
  warmup(_sampleFrame: Frame): MaybePromise<void> {
    return undefined;
  }

  /**
   * Looks at one frame. The frame is borrowed until the result is there.
   *
   * @param deps - Observations of this frame by the modules in `depends` and `optionalDepends`, by
   * name; behind a join, window or collector the newest there are. Type it with {@link DepsOf}.
   */
  abstract process(frame: Frame, deps: never, ctx: ProcessContext): MaybePromise<ProcessResult<T>>;

  /**
   * Looks at several frames; the results in the same order and number. Called when the module
   * declares `BATCHING` and the backend collects batches. Default: one after the other.
   *
   * If it throws or takes too long, `process` is called for each of the frames. What a stateful module
   * has remembered of them by then it must have put back, or they count twice.
   */
  processBatch(
    frames: readonly Frame[],
    depsList: readonly never[],
    ctx: ProcessContext,
  ): MaybePromise<readonly ProcessResult<T>[]> {
    return this.#processOneByOne(frames, depsList, ctx);
  }

  async #processOneByOne(
    frames: readonly Frame[],
    depsList: readonly never[],
    ctx: ProcessContext,
  ): Promise<readonly ProcessResult<T>[]> {
    const results: ProcessResult<T>[] = [];
    for (const [i, frame] of frames.entries()) {
      results.push(await this.process(frame, depsList[i]!, ctx));
    }
    return results;
  }

  /** Forgets earlier frames; called between videos, and when the module is started once more. */
  reset(): MaybePromise<void> {
    return undefined;
  }

  /** Gives everything back. Called once for every module whose `initialize` was called. */
  cleanup(): MaybePromise<void> {
    return undefined;
  }

  /** What to draw over the frame of an observation of this module. Default: nothing. */
  annotate(_observation: Observation<T>): readonly Mark[] {
    return [];
  }
}

/** What {@link defineModule} takes: a name and `process`; everything else has a default. */
export interface ModuleDefinition<
  N extends string,
  T,
  D extends readonly Dependency[],
  O extends readonly Dependency[],
> {
  readonly name: N;
  readonly depends?: D;
  readonly optionalDepends?: O;
  readonly dependencyOptions?: DependencyOptions;
  readonly stateful?: boolean;
  readonly capabilities?: ModuleCapabilities;
  readonly portSchema?: PortSchema;
  readonly errorPolicy?: ErrorPolicy;
  initialize?(): MaybePromise<void>;
  warmup?(sampleFrame: Frame): MaybePromise<void>;
  process(frame: Frame, deps: DepsOf<D, O>, ctx: ProcessContext): MaybePromise<ProcessResult<T>>;
  processBatch?(
    frames: readonly Frame[],
    depsList: readonly DepsOf<D, O>[],
    ctx: ProcessContext,
  ): MaybePromise<readonly ProcessResult<T>[]>;
  reset?(): MaybePromise<void>;
  cleanup?(): MaybePromise<void>;
  annotate?(observation: Observation<T>): readonly Mark[];
}

/** A module made by {@link defineModule}, whose name and data other modules' types can see. */
export interface DefinedModule<N extends string, T> extends AnyModule {
  readonly name: N;
  process(frame: Frame, deps: never, ctx: ProcessContext): MaybePromise<ProcessResult<T>>;
}

/**
 * Makes a module from a plain description. `deps` is typed by what `depends` and `optionalDepends`
 * name, by value or by string; a name that is not declared does not compile.
 */
export function defineModule<
  const N extends string,
  T,
  const D extends readonly Dependency[] = readonly [],
  const O extends readonly Dependency[] = readonly [],
>(definition: ModuleDefinition<N, T, D, O>): DefinedModule<N, T> {
  return new DefinedModuleObject(definition) as unknown as DefinedModule<N, T>;
}

type AnyDefinition = ModuleDefinition<
  string,
  unknown,
  readonly Dependency[],
  readonly Dependency[]
>;

class DefinedModuleObject extends Module {
  readonly name: string;
  override readonly depends: readonly Dependency[];
  override readonly optionalDepends: readonly Dependency[];
  override readonly dependencyOptions: DependencyOptions;
  override readonly stateful: boolean;
  override readonly capabilities: ModuleCapabilities;
  override readonly portSchema: PortSchema | undefined;
  override readonly errorPolicy: ErrorPolicy | undefined;
  readonly #definition: AnyDefinition;

  constructor(definition: AnyDefinition) {
    super();
    this.name = definition.name;
    this.depends = definition.depends ?? [];
    this.optionalDepends = definition.optionalDepends ?? [];
    this.dependencyOptions = definition.dependencyOptions ?? {};
    this.stateful = definition.stateful ?? false;
    this.capabilities = definition.capabilities ?? NO_CAPABILITIES;
    this.portSchema = definition.portSchema;
    this.errorPolicy = definition.errorPolicy;
    this.#definition = definition;
    if (definition.processBatch !== undefined) {
      this.processBatch = (frames, depsList, ctx) =>
        definition.processBatch!(frames, depsList, ctx);
    }
  }

  override initialize(): MaybePromise<void> {
    return this.#definition.initialize?.();
  }

  override warmup(sampleFrame: Frame): MaybePromise<void> {
    return this.#definition.warmup?.(sampleFrame);
  }

  override process(frame: Frame, deps: never, ctx: ProcessContext): MaybePromise<ProcessResult> {
    return this.#definition.process(frame, deps, ctx);
  }

  override reset(): MaybePromise<void> {
    return this.#definition.reset?.();
  }

  override cleanup(): MaybePromise<void> {
    return this.#definition.cleanup?.();
  }

  override annotate(observation: Observation): readonly Mark[] {
    return this.#definition.annotate?.(observation) ?? [];
  }
}
