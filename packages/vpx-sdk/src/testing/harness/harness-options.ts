import type { Frame } from 'visualbase';
import type { AnyModule, MaybePromise, PluginRegistry } from 'visualpath';
import type { FakeObservations } from '../observe-frames.ts';
import type { CheckName } from './check-name.ts';

/** How far memory may grow, and how long to look. */
export interface MemoryLimits {
  /** Frames to process; those given are used again and again. Default 60. More find smaller leaks. */
  readonly frameCount?: number;
  /** Bytes of heap and buffers that each further frame may keep. Default 16 KiB. */
  readonly maxBytesPerFrame?: number;
  /** Bytes by which the memory of the process may grow over all frames. Default 128 MiB. */
  readonly maxRssGrowthBytes?: number;
}

/** Options of {@link PluginTestHarness}. Give either `create` or `name`. */
export interface HarnessOptions {
  /** Makes the module, a new one with each call. */
  readonly create?: () => MaybePromise<AnyModule>;
  /** Name by which `registry` makes the module. */
  readonly name?: string;
  /** Default: a new registry, which finds what is installed for the current folder. */
  readonly registry?: PluginRegistry;
  /** Options of the module, with `name`. */
  readonly options?: unknown;
  /**
   * Path or `file:` URL of the `package.json` that declares the module, to check that it can be found and
   * made by its name. The package must have been built. Default: not checked.
   */
  readonly packageJson?: string | URL;
  /**
   * Frames to look at, with times that increase. Give some in which there is something to see: what
   * never happens is not checked. Default: eight pictures of 320x240 without anything in them.
   */
  readonly frames?: readonly Frame[] | (() => MaybePromise<readonly Frame[]>);
  /** Make the modules it depends on, each after those that it depends on itself. They see the frames first. */
  readonly dependencies?: readonly (() => MaybePromise<AnyModule>)[];
  /** What modules it depends on have seen in a frame, where `dependencies` has none of that name. */
  readonly observations?: (frame: Frame, index: number) => FakeObservations;
  /** Whether a declared signal that never appears is a failure, and not just skipped. Default false. */
  readonly requireAllSignals?: boolean;
  readonly memory?: MemoryLimits;
  /** Longest that a call of the module may take. Default 60,000. */
  readonly callTimeoutMs?: number;
  /** Checks to leave out, and why. */
  readonly skip?: Readonly<Partial<Record<CheckName, string>>>;
}

/** Options with their defaults filled in. */
export interface CompleteOptions {
  readonly create: () => MaybePromise<AnyModule>;
  readonly packageJson: string | URL | undefined;
  readonly frames: HarnessOptions['frames'];
  readonly dependencies: readonly (() => MaybePromise<AnyModule>)[];
  readonly observations: ((frame: Frame, index: number) => FakeObservations) | undefined;
  readonly requireAllSignals: boolean;
  readonly memory: Required<MemoryLimits>;
  readonly callTimeoutMs: number;
  readonly skip: Readonly<Partial<Record<CheckName, string>>>;
}

/** Fills in the defaults. @throws RangeError or TypeError naming the option that is wrong. */
export function completeOptions(
  options: HarnessOptions,
  checkNames: readonly string[],
): CompleteOptions {
  const { memory = {}, callTimeoutMs = 60_000, skip = {} } = options;
  const { frameCount = 60, maxBytesPerFrame = 16 * 1024, maxRssGrowthBytes = 128 << 20 } = memory;
  requirePositive('callTimeoutMs', callTimeoutMs);
  requirePositive('memory.frameCount', frameCount);
  requirePositive('memory.maxBytesPerFrame', maxBytesPerFrame);
  requirePositive('memory.maxRssGrowthBytes', maxRssGrowthBytes);
  const unknown = Object.keys(skip).filter((name) => !checkNames.includes(name));
  if (unknown.length > 0) {
    const known = checkNames.join(', ');
    throw new RangeError(
      `The \`skip\` option names ${unknown.join(', ')}, which is no check. There is: ${known}.`,
    );
  }
  return {
    create: factoryOf(options),
    packageJson: options.packageJson,
    frames: options.frames,
    dependencies: options.dependencies ?? [],
    observations: options.observations,
    requireAllSignals: options.requireAllSignals ?? false,
    memory: { frameCount, maxBytesPerFrame, maxRssGrowthBytes },
    callTimeoutMs,
    skip,
  };
}

function factoryOf({
  create,
  name,
  registry,
  options,
}: HarnessOptions): () => MaybePromise<AnyModule> {
  if ((create === undefined) === (name === undefined)) {
    throw new TypeError('Give either `create`, which makes the module, or `name`.');
  }
  if (create !== undefined) {
    if (typeof create === 'function') return create;
    throw new TypeError(
      'The `create` option must be a function that makes the module: () => new MyModule().',
    );
  }
  let found = registry;
  return async () => {
    found ??= new (await import('visualpath')).PluginRegistry();
    return found.create(name!, options);
  };
}

function requirePositive(option: string, value: number): void {
  if (value > 0) return;
  throw new RangeError(`The \`${option}\` option must be a number above 0, got ${String(value)}.`);
}
