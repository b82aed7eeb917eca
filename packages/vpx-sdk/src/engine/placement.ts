/** What a shared engine thread carries. */
export interface ThreadLoad {
  /** Threads that an inference on it may take: the most that any of its holders was granted. */
  readonly threadCount: number;
  readonly holderCount: number;
}

/** Where a new holder goes. */
export interface Placement {
  /** Index of the thread; the number of threads there are, for a new one. */
  readonly at: number;
  /** The threads for one inference that it gets, at most as many as wanted. */
  readonly threadCount: number;
}

/**
 * Places a holder so that all threads together never exceed the budget: on a thread of its own while
 * there is room, then where the fewest are; with fewer threads for one inference than wanted where
 * the budget does not have them.
 *
 * @param budget - Most threads that may compute at a time, at least 1.
 */
export function placeHolder(
  loads: readonly ThreadLoad[],
  wanted: number,
  budget: number,
): Placement {
  const used = loads.reduce((sum, { threadCount }) => sum + threadCount, 0);
  const free = Math.max(0, budget - used);
  const granted = Math.min(wanted, budget);
  if (free >= granted) return { at: loads.length, threadCount: granted };
  let best: Placement & { readonly holderCount: number } = {
    at: -1,
    threadCount: 0,
    holderCount: 0,
  };
  for (const [at, load] of loads.entries()) {
    const threadCount = Math.min(granted, load.threadCount + free);
    const isBetter =
      threadCount > best.threadCount ||
      (threadCount === best.threadCount && load.holderCount < best.holderCount);
    if (isBetter) best = { at, threadCount, holderCount: load.holderCount };
  }
  return { at: best.at, threadCount: best.threadCount };
}
