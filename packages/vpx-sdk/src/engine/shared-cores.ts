import { availableParallelism } from 'node:os';
import { EngineCore } from './engine-core.ts';
import { checkCount } from './engine-options.ts';
import { placeLanes } from './placement.ts';

const BUDGET_VARIABLE = 'VISUALPATH_ENGINE_THREADS';
const MAX_BUDGET = 256;

interface SharedThread {
  readonly starting: Promise<EngineCore>;
  /** What each holder was granted. */
  readonly holders: Set<{ readonly threadCount: number }>;
}

/** Places on engine threads, one for each lane. */
export interface HeldCores {
  readonly cores: readonly EngineCore[];
  /** Threads for one inference: as many as wanted, or what the budget has. */
  readonly threadCount: number;
  readonly release: () => Promise<void>;
}

// One pool per process (and per worker thread that has engines) is the point of sharing.
const threads: SharedThread[] = [];
let chosenBudget: number | undefined;

/** Changes how many threads shared engines may use. @throws RangeError. */
export function setSharedThreadBudget(threadCount: number): void {
  checkCount('The number of shared engine threads', threadCount, MAX_BUDGET);
  chosenBudget = threadCount;
}

/** Most threads that shared engines use together. @throws RangeError if the variable is wrong. */
function sharedThreadBudget(): number {
  if (chosenBudget !== undefined) return chosenBudget;
  const text = process.env[BUDGET_VARIABLE];
  if (text === undefined || text === '') return Math.min(availableParallelism(), MAX_BUDGET);
  checkCount(BUDGET_VARIABLE, Number(text), MAX_BUDGET);
  return Number(text);
}

/** Shared threads, each with the threads that an inference on it may take, and its holders. */
export const sharedLoads = () =>
  threads.map(({ holders }) => ({
    threadCount: Math.max(...[...holders].map(({ threadCount }) => threadCount)),
    holderCount: holders.size,
  }));

/** Adds a holder to shared engine threads, one for each of its lanes; starts them while the budget has room. */
export async function holdSharedCores(wanted: {
  readonly threadCount: number;
  readonly laneCount: number;
}): Promise<HeldCores> {
  const { at, threadCount } = placeLanes(sharedLoads(), wanted, sharedThreadBudget());
  const places = at.map((index) => holdThread(index, threadCount));
  const release = async (): Promise<void> => {
    await Promise.all(places.map((place) => place.release()));
  };
  try {
    const cores = await Promise.all(places.map(({ starting }) => starting));
    return { cores, threadCount, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function holdThread(at: number, threadCount: number) {
  const thread = threads[at] ?? { starting: EngineCore.start(), holders: new Set() };
  if (at === threads.length) threads.push(thread);
  const holder = { threadCount };
  thread.holders.add(holder);
  const forget = (): void => {
    const index = threads.indexOf(thread);
    if (index >= 0) threads.splice(index, 1);
  };
  // A thread that died must not be handed out again.
  thread.starting.then((core) => core.ended).then(forget, forget);
  const release = async (): Promise<void> => {
    thread.holders.delete(holder);
    if (thread.holders.size > 0) return;
    forget();
    const core = await thread.starting.catch(() => undefined);
    await core?.close();
  };
  return { starting: thread.starting, release };
}
