import { MAX_TIMER_MS } from '../../core/max-timer-ms.ts';

/**
 * Waits for a promise, but not for ever once a signal is aborted: what does not settle within the
 * grace period is left alone, and the signal's reason is thrown.
 */
export function abandonOnAbort<T>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
  graceMs: number,
): Promise<T> {
  if (signal === undefined) return pending;
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      // A timer takes no more than this; beyond it, and for Infinity, there is no end to the patience.
      if (graceMs > MAX_TIMER_MS) return;
      timer = setTimeout(() => reject(signal.reason as Error), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    pending
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      })
      .catch(() => undefined);
  });
}
