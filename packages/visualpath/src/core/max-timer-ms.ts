/** Milliseconds that a timer takes at most, 24 days; beyond it fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
