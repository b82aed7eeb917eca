import { defineModule, Trigger, type AnyModule, type Capability, type Frame } from 'visualpath';
import type { RecipeStep } from './graph-recipe.ts';

/** How the calls of a module come back. */
type Pace = 'synchronous' | 'soon' | 'varying' | 'late';

const PACES: readonly Pace[] = ['synchronous', 'synchronous', 'soon', 'varying', 'late'];

/** What a random module is made of. */
export interface RandomModuleInit {
  readonly name: string;
  readonly depends: readonly string[];
  readonly optionalDepends: readonly string[];
  readonly step: RecipeStep;
  /** Frame on which it throws, without a policy. */
  readonly failAt: number;
}

async function wait(pace: Pace, frameId: number): Promise<void> {
  const turns = pace === 'soon' ? 1 : (frameId * 7) % 5;
  for (let i = 0; i < turns; i++) await Promise.resolve();
  if (pace === 'late' && frameId % 3 === 0) await new Promise(setImmediate);
}

/**
 * A module whose answers depend on pixels, on what the modules before it saw and, if it is stateful, on
 * the frames before: whatever a backend mixes up shows in its signals.
 */
export function randomModule(init: RandomModuleInit): AnyModule {
  const { name, depends, optionalDepends, failAt } = init;
  const { a, b, c } = init.step;
  const pace = PACES[a % PACES.length]!;
  const isStateful = b % 4 === 1;
  const isBatching = b % 3 === 2;
  const misses = c % 5 === 0;
  const isTrigger = c % 4 === 1;
  const fails = a % 6 === 5 && !isStateful;
  let seenCount = 0;
  let isBusy = false;

  const see = (
    frame: Frame,
    data: Uint8Array,
    deps: Readonly<Record<string, unknown>>,
  ): object | undefined => {
    const { frameId, tSrcNs } = frame;
    if (frameId === failAt) throw new Error(`${name} fails on ${frameId}`);
    if (fails && frameId % 4 === 2) throw new Error(`${name} is not sure of ${frameId}`);
    if (isStateful) seenCount += 1;
    if (misses && frameId % 3 === 1) return undefined;
    const isFiring = isTrigger && frameId % 4 === 3;
    const at = { eventTimeNs: tSrcNs, preSec: 0, postSec: 0, label: name };
    return {
      signals: {
        pixel: data[0]!,
        seen: seenCount,
        deps: summarise(deps),
        should_trigger: isFiring,
      },
      metadata: isFiring ? { trigger: Trigger.point(at) } : {},
    };
  };

  const guarded = async (frame: Frame, deps: object): Promise<object | undefined> => {
    if (isStateful && isBusy) throw new Error(`${name} was called while it was busy`);
    isBusy = true;
    // A frame is lent until the answer is there, and so is a view taken before.
    const { data } = frame;
    try {
      await wait(pace, frame.frameId);
      return see(frame, data, deps as Readonly<Record<string, unknown>>);
    } finally {
      isBusy = false;
    }
  };

  const flags: Capability[] = [];
  if (isBatching) flags.push('BATCHING');
  if (!isStateful && c % 2 === 0) flags.push('THREAD_SAFE');
  return defineModule({
    name,
    depends,
    optionalDepends,
    stateful: isStateful,
    capabilities: { flags, ...(isBatching && c % 3 > 0 && { maxBatchSize: c % 3 }) },
    ...(fails && {
      errorPolicy: {
        fallback: c % 2 === 0 ? ('skip' as const) : ('default' as const),
        maxRetries: c % 3,
        defaultSignals: { score: 0 },
      },
    }),
    process: (frame, deps) =>
      pace === 'synchronous'
        ? see(frame, frame.data, deps as Readonly<Record<string, unknown>>)
        : guarded(frame, deps),
    ...(isBatching && {
      processBatch: async (frames: readonly Frame[], depsList: readonly object[]) => {
        // A batch that fails is tried again frame by frame: what it remembered must not count twice.
        const before = seenCount;
        try {
          const results = [];
          for (const [i, frame] of frames.entries()) {
            results.push(await guarded(frame, depsList[i]!));
          }
          return results;
        } catch (error) {
          seenCount = before;
          throw error;
        }
      },
    }),
  });
}

/** Who said what of which frame, in a line. */
function summarise(deps: Readonly<Record<string, unknown>>): string {
  return Object.entries(deps)
    .map(([name, value]) => {
      const seen = value as { frameId: number; signals: Record<string, unknown> } | undefined;
      if (seen === undefined) return `${name}: -`;
      return `${name}: ${seen.frameId} ${String(seen.signals['pixel'])} ${String(seen.signals['seen'])}`;
    })
    .join(', ');
}
