import type { Signals } from './observation.ts';

/** What the platform does when a module fails on a frame. Without one, the error ends the run. */
export interface ErrorPolicy {
  /** Further tries after a failed one. Default 0. */
  readonly maxRetries?: number;
  /** Milliseconds to wait before a further try. Default 0. */
  readonly retryDelayMs?: number;
  /**
   * Longest a call may take. An asynchronous call that exceeds it has its `ctx.signal` aborted and
   * its late result thrown away; a synchronous one cannot be interrupted, its result is replaced. Where
   * calls must not overlap, the next one waits for such a call, for at most this time, and counts as
   * timed out if it has not ended by then. Default: no limit.
   */
  readonly timeoutMs?: number;
  /**
   * After the last try: `skip` gives no observation for this frame, `raise` ends the run, `default`
   * gives an observation with `defaultSignals`.
   */
  readonly fallback: 'skip' | 'raise' | 'default';
  readonly defaultSignals?: Signals;
}
