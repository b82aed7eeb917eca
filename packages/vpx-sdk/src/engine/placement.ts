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

/** Places for all lanes of a holder, at least one, each on another thread. */
export interface LanePlacement {
  readonly at: readonly number[];
  /** The threads for one inference, the same in all lanes. */
  readonly threadCount: number;
}

/**
 * Places the lanes of a holder: the first as {@link placeHolder} has it, and as many more as find
 * another thread with as many threads for one inference.
 */
export function placeLanes(
  loads: readonly ThreadLoad[],
  wanted: { readonly threadCount: number; readonly laneCount: number },
  budget: number,
): LanePlacement {
  const first = placeHolder(loads, wanted.threadCount, budget)!;
  const { threadCount } = first;
  const at = [first.at];
  const after = [...loads];
  const hold = (index: number): void => {
    const load = after[index] ?? { threadCount: 0, holderCount: 0 };
    after[index] = {
      threadCount: Math.max(load.threadCount, threadCount),
      holderCount: load.holderCount + 1,
    };
  };
  hold(first.at);
  while (at.length < wanted.laneCount) {
    const next = placeHolder(after, threadCount, budget, at);
    if (next?.threadCount !== threadCount) break;
    at.push(next.at);
    hold(next.at);
  }
  return { at, threadCount };
}

/**
 * Places a holder so that all threads together never exceed the budget: on a thread of its own while
 * there is room, then where the fewest are; with fewer threads for one inference than wanted where
 * the budget does not have them.
 *
 * @param budget - Most threads that may compute at a time, at least 1.
 * @param except - Indices of threads that are no choice.
 * @returns `undefined` if there is no choice.
 */
export function placeHolder(
  loads: readonly ThreadLoad[],
  wanted: number,
  budget: number,
  except: readonly number[] = [],
): Placement | undefined {
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
    if (except.includes(at)) continue;
    const threadCount = Math.min(granted, load.threadCount + free);
    const isBetter =
      threadCount > best.threadCount ||
      (threadCount === best.threadCount && load.holderCount < best.holderCount);
    if (isBetter) best = { at, threadCount, holderCount: load.holderCount };
  }
  return best.at < 0 ? undefined : { at: best.at, threadCount: best.threadCount };
}
