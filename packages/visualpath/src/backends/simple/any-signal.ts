import { setMaxListeners } from 'node:events';

/** A signal that aborts with any of these. Any number of modules may listen to it without a warning. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
  setMaxListeners(0, signal);
  return signal;
}
