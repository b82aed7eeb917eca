/** When and how often a lost stream is connected to again. */
export interface ReconnectOptions {
  /** Attempts in a row without a picture until the source gives up. 0: never try. Default 20. */
  readonly maxAttempts?: number;
  /** Pause before the first attempt; it doubles with each. Default 250. */
  readonly initialDelayMs?: number;
  /** The longest pause. Default 10 000. */
  readonly maxDelayMs?: number;
}

/** {@link ReconnectOptions} with every default filled in. */
export type ReconnectPolicy = Required<ReconnectOptions>;

/** Checks and completes options. @throws RangeError naming the option and its value. */
export function reconnectPolicy(options: ReconnectOptions | false = {}): ReconnectPolicy {
  if (options === false) return { maxAttempts: 0, initialDelayMs: 0, maxDelayMs: 0 };
  const { maxAttempts = 20, initialDelayMs = 250, maxDelayMs = 10_000 } = options;
  const isCount = maxAttempts === Infinity || (Number.isInteger(maxAttempts) && maxAttempts >= 0);
  if (!isCount) {
    throw new RangeError(
      `reconnect.maxAttempts must be a whole number of at least 0 or Infinity, got ${String(maxAttempts)}.`,
    );
  }
  if (!(initialDelayMs >= 0 && maxDelayMs >= initialDelayMs && maxDelayMs <= 3_600_000)) {
    throw new RangeError(
      `reconnect needs 0 <= initialDelayMs <= maxDelayMs <= 3600000, got ${String(initialDelayMs)} and ${String(maxDelayMs)}.`,
    );
  }
  return { maxAttempts, initialDelayMs, maxDelayMs };
}

/**
 * The pause before an attempt. Up to a quarter is left to chance, so that many readers of one server
 * do not come back in the same moment.
 *
 * @param attempt - From 1.
 * @param chance - 0 to 1.
 */
export function retryDelayMs(policy: ReconnectPolicy, attempt: number, chance: number): number {
  const doubled = policy.initialDelayMs * 2 ** Math.min(attempt - 1, 30);
  return Math.min(doubled, policy.maxDelayMs) * (1 - chance / 4);
}
