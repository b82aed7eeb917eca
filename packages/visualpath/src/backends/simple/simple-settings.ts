/** Options of {@link SimpleBackend}. */
export interface SimpleBackendOptions {
  /**
   * Frames that go through the graph together, so that modules which declare BATCHING get several at
   * once. Results are those of 1, frame for frame; they come later. Default 1.
   */
  readonly batchSize?: number;
  /** Whether modules and nodes that do not depend on each other run side by side. Default true. */
  readonly parallel?: boolean;
  /**
   * Groups of frames that may be worked on at a time, so that asynchronous modules overlap: stateful
   * modules still see frames one at a time and in order, callbacks come in order. When the run stops
   * early, modules may have seen frames that are not delivered. Default 1.
   */
  readonly maxInFlight?: number;
  /**
   * How long modules, callbacks and the closing of a source may go on after an abort, and modules after
   * their time limit at the end of a run, before they are left alone. Default 5000.
   */
  readonly abortGraceMs?: number;
}

/** Milliseconds of patience after an abort, where nothing else is said. */
export const DEFAULT_ABORT_GRACE_MS = 5000;

/** The options with their defaults. */
export type SimpleSettings = Required<SimpleBackendOptions>;

/** Checks options and fills in defaults. @throws RangeError naming the option that is wrong. */
export function simpleSettings(options: SimpleBackendOptions): SimpleSettings {
  const {
    batchSize = 1,
    parallel = true,
    maxInFlight = 1,
    abortGraceMs = DEFAULT_ABORT_GRACE_MS,
  } = options;
  for (const [name, value] of Object.entries({ batchSize, maxInFlight })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`The \`${name}\` option must be a whole number from 1, got ${value}.`);
  }
  if (!(abortGraceMs >= 0)) {
    throw new RangeError(
      `The \`abortGraceMs\` option must be a number of milliseconds from 0, got ${abortGraceMs}.`,
    );
  }
  return { batchSize, parallel, maxInFlight, abortGraceMs };
}
