import { availableParallelism } from 'node:os';
import { EngineCore } from './engine-core.ts';
import { checkCount } from './engine-options.ts';
import { placeHolder } from './placement.ts';

const BUDGET_VARIABLE = 'VISUALPATH_ENGINE_THREADS';
const MAX_BUDGET = 256;

interface SharedThread {
  readonly starting: Promise<EngineCore>;
  /** What each holder was granted. */
  readonly holders: Set<{ readonly threadCount: number }>;
}

/** A place on a shared engine thread. */
export interface HeldCore {
  readonly core: EngineCore;
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

/** Adds a holder to one of the shared engine threads; starts one while the budget has room. */
export async function holdSharedCore(wantedThreadCount: number): Promise<HeldCore> {
  const { at, threadCount } = placeHolder(sharedLoads(), wantedThreadCount, sharedThreadBudget());
  const thread = threads[at] ?? { starting: EngineCore.start(), holders: new Set() };
  if (at === threads.length) threads.push(thread);
  const holder = { threadCount };
  thread.holders.add(holder);
  const forget = (): void => {
    const index = threads.indexOf(thread);
    if (index >= 0) threads.splice(index, 1);
  };
  try {
    const core = await thread.starting;
    // A thread that died must not be handed out again.
    void core.ended.then(forget);
    const release = async (): Promise<void> => {
      thread.holders.delete(holder);
      if (thread.holders.size > 0) return;
      forget();
      await core.close();
    };
    return { core, threadCount, release };
  } catch (error) {
    forget();
    throw error;
  }
}
