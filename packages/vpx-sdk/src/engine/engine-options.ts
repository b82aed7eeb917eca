import { EXECUTION_PROVIDERS, type ExecutionProvider } from './execution-provider.ts';

/** How a module's models run: what every plugin takes as its option `engine`. */
export interface EngineOptions {
  /**
   * Where to compute, first choice first; a later one is used where an earlier one is not offered on
   * this platform or does not start. `session.executionProvider` tells which it was. Default: those
   * of the environment variable `VISUALPATH_EXECUTION_PROVIDERS` (`cuda,cpu`), else `['cpu']`.
   */
  readonly executionProviders?: readonly ExecutionProvider[];
  /**
   * Threads that share the work of one inference (onnxruntime's intra-op threads), 1 to 256. Default
   * 1: a second thread made the face models 1.1 to 1.8 times faster on two cores, for up to 1.9 times
   * the processor time (its threads spin while they wait), which decoding and other engines use
   * better. Raise it where one inference must be quick and cores idle.
   */
  readonly threadCount?: number;
  /**
   * Inferences that may run at a time, each in a lane: on a thread of its own, with the models loaded
   * once more; 1 to 256. Fewer where the budget of shared engines does not have the threads. Costs memory
   * and hardly any processor time. Default 1; modules that look at several regions of a frame have a
   * default of their own.
   */
  readonly laneCount?: number;
}

/** Options of `InferenceEngine`. */
export interface InferenceEngineOptions extends EngineOptions {
  /** Folder for converted models. Default: the user's cache folder. */
  readonly cacheFolder?: string;
  /**
   * How many calls of this handle may wait before further ones fail with `VPX_ENGINE_BUSY`.
   * Default 256.
   */
  readonly queueCapacity?: number;
}

/** Settings of a handle, complete. */
export interface EngineSettings {
  readonly threadCount: number;
  readonly laneCount: number;
  readonly executionProviders: readonly ExecutionProvider[];
  readonly cacheFolder: string | undefined;
  readonly queueCapacity: number;
}

const PROVIDERS_VARIABLE = 'VISUALPATH_EXECUTION_PROVIDERS';

/** The options with their defaults. @throws RangeError naming the option or variable that is wrong. */
export function engineSettings(options: InferenceEngineOptions): EngineSettings {
  const { threadCount = 1, laneCount = 1, queueCapacity = 256, cacheFolder } = options;
  checkCount('The `threadCount` option', threadCount, 256);
  checkCount('The `laneCount` option', laneCount, 256);
  checkCount('The `queueCapacity` option', queueCapacity, 1_000_000);
  const fromEnvironment = (process.env[PROVIDERS_VARIABLE] ?? '').split(/[\s,]+/).filter(Boolean);
  const executionProviders =
    options.executionProviders !== undefined
      ? checkedProviders('The `executionProviders` option', options.executionProviders)
      : fromEnvironment.length > 0
        ? checkedProviders(PROVIDERS_VARIABLE, fromEnvironment)
        : (['cpu'] as const);
  return { threadCount, laneCount, queueCapacity, executionProviders, cacheFolder };
}

/** Checks a whole number from 1. @throws RangeError. */
export function checkCount(what: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`${what} must be a whole number from 1 to ${most}, got ${value}.`);
}

function checkedProviders(what: string, names: readonly string[]): readonly ExecutionProvider[] {
  const known: readonly string[] = EXECUTION_PROVIDERS;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || names.length === 0) {
    const got = unknown === undefined ? 'none' : `"${unknown}"`;
    throw new RangeError(
      `${what} must name at least one of ${EXECUTION_PROVIDERS.join(', ')}, got ${got}.`,
    );
  }
  return [...new Set(names)] as ExecutionProvider[];
}
