import {
  decodeObservation,
  encodeObservation,
  observe,
  type AnyModule,
  type MaybePromise,
  type Observation,
  type ProcessResult,
} from 'visualpath';
import { FakeFrame } from '../fake-frame.ts';
import { firstDifference, IdRenames, type Difference } from '../first-difference.ts';
import { nameOf, observationsOf } from '../observe-frames.ts';
import { snapshot } from '../snapshot.ts';
import type { CompleteOptions } from './harness-options.ts';
import { LentFrame, type TestFrame } from './lent-frame.ts';
import { withinTime } from './within-time.ts';

/** An observation as it was when the module gave it; undefined if it saw nothing. */
export type Seen = unknown;

/** A frame on loan to the module, with its own copies of what others have seen in it. */
export interface Loan {
  readonly lent: LentFrame;
  readonly deps: Readonly<Record<string, Observation>>;
}

/** What a module did with all frames, one after the other. */
export interface Pass {
  /** Observations themselves. */
  readonly observations: readonly (Observation | undefined)[];
  /** The same as they were when they were given, without times by stage. */
  readonly seen: readonly Seen[];
  readonly loans: readonly Loan[];
}

/** What other passes are compared with. */
export interface Baseline extends Pass {
  readonly module: AnyModule;
  /** Where a second new module differs, by frame; undefined if nowhere. */
  readonly difference: FrameDifference | undefined;
}

/** Where the results of two passes differ. */
export interface FrameDifference extends Difference {
  readonly index: number;
}

/** The module under test: makes it, feeds it, and remembers what all checks need. */
export class TestSubject {
  readonly #options: CompleteOptions;
  #frames: Promise<readonly TestFrame[]> | undefined;
  #dependencies: Promise<readonly AnyModule[]> | undefined;
  #baseline: Promise<Baseline> | undefined;
  #resetDifference: Promise<FrameDifference | undefined> | undefined;
  #spanNs = 0;

  constructor(options: CompleteOptions) {
    this.#options = options;
  }

  /** A new module, not started. */
  async make(): Promise<AnyModule> {
    return this.#within('making the module', () => this.#options.create());
  }

  /** Starts a new module, works with it, and cleans it up whatever happens. */
  async withModule<T>(work: (module: AnyModule) => Promise<T>): Promise<T> {
    const module = await this.make();
    try {
      await this.initialize(module);
      return await work(module);
    } finally {
      await this.cleanup(module);
    }
  }

  initialize(module: AnyModule): Promise<void> {
    return this.#within('initialize()', () => module.initialize());
  }

  reset(module: AnyModule): Promise<void> {
    return this.#within('reset()', () => module.reset());
  }

  cleanup(module: AnyModule): Promise<void> {
    return this.#within('cleanup()', () => module.cleanup());
  }

  /** Calls `process`. */
  process(
    module: AnyModule,
    { lent: { frame }, deps }: Loan,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Observation | undefined> {
    return this.#within(`process() of frame ${frame.frameId}`, async () =>
      toObservation(module, frame, await module.process(frame, deps as never, { signal })),
    );
  }

  /** Calls `processBatch`. */
  processBatch(
    module: AnyModule,
    loans: readonly Loan[],
  ): Promise<readonly (Observation | undefined)[]> {
    const frames = loans.map(({ lent }) => lent.frame);
    return this.#within(`processBatch() of ${loans.length} frames`, async () => {
      const { signal } = new AbortController();
      const depsList = loans.map(({ deps }) => deps as never);
      const results = await module.processBatch(frames, depsList, { signal });
      if (results.length !== frames.length) {
        throw new Error(
          `processBatch() gave ${results.length} results for ${frames.length} frames`,
        );
      }
      return results.map((result, i) => toObservation(module, frames[i]!, result));
    });
  }

  /** The frames that reach the module, at least one, with what others have seen in them. */
  frames(): Promise<readonly TestFrame[]> {
    this.#frames ??= this.#prepareFrames();
    return this.#frames;
  }

  /** The modules it depends on, for what they declare. They are not started. */
  dependencies(): Promise<readonly AnyModule[]> {
    this.#dependencies ??= Promise.all(
      this.#options.dependencies.map((create) =>
        this.#within('making a dependency', () => create()),
      ),
    );
    return this.#dependencies;
  }

  /** Lends the frame at a place of the endless sequence that goes round the given ones, with times that go on. */
  async lend(index: number): Promise<Loan> {
    const frames = await this.frames();
    const round = Math.floor(index / frames.length);
    const one = frames[index % frames.length]!;
    const lastId = frames.at(-1)!.frame.frameId;
    const time = {
      frameId: one.frame.frameId + round * (lastId + 1),
      tNs: one.frame.tSrcNs + round * this.#spanNs,
    };
    const deps: Record<string, Observation> = {};
    for (const [name, observation] of Object.entries(one.deps)) {
      deps[name] = { ...copyOf(observation), ...time };
    }
    return { lent: new LentFrame(one, time), deps };
  }

  /** Lends all frames. */
  async lendAll(): Promise<readonly Loan[]> {
    const loans: Loan[] = [];
    for (const index of (await this.frames()).keys()) loans.push(await this.lend(index));
    return loans;
  }

  /** Shows a started module all frames, each of which stays as it is. */
  async pass(module: AnyModule): Promise<Pass> {
    const loans = await this.lendAll();
    const observations: (Observation | undefined)[] = [];
    const seen: Seen[] = [];
    for (const loan of loans) {
      const observation = await this.process(module, loan);
      observations.push(observation);
      seen.push(asSeen(observation));
    }
    return { observations, seen, loans };
  }

  /** What a new module sees in all frames, and whether a second one sees the same. */
  baseline(): Promise<Baseline> {
    this.#baseline ??= this.#makeBaseline();
    return this.#baseline;
  }

  /** Where a module that has been reset sees something else than a new one, other ids apart. */
  resetDifference(): Promise<FrameDifference | undefined> {
    this.#resetDifference ??= this.#compareAfterReset();
    return this.#resetDifference;
  }

  async #compareAfterReset(): Promise<FrameDifference | undefined> {
    const { seen } = await this.baseline();
    return this.withModule(async (module) => {
      await this.pass(module);
      await this.reset(module);
      return frameDifference(seen, (await this.pass(module)).seen, true);
    });
  }

  async #makeBaseline(): Promise<Baseline> {
    const first = await this.withModule(async (module) => ({
      module,
      ...(await this.pass(module)),
    }));
    const second = await this.withModule((module) => this.pass(module));
    return { ...first, difference: frameDifference(first.seen, second.seen) };
  }

  async #prepareFrames(): Promise<readonly TestFrame[]> {
    const { frames: given, observations } = this.#options;
    const frames =
      typeof given === 'function' ? await given() : (given ?? FakeFrame.sequence({ count: 8 }));
    const times = frames.map(({ tSrcNs }) => tSrcNs);
    if (times.some((tNs, i) => i > 0 && tNs <= times[i - 1]!)) {
      throw new RangeError(
        `The times of the \`frames\` option must increase, got ${times.join(', ')}.`,
      );
    }
    const [startNs = 0, endNs = 0] = [times[0], times.at(-1)];
    this.#spanNs =
      endNs + Math.max(1e6, Math.round((endNs - startNs) / Math.max(1, times.length - 1)));
    const all: { frame: TestFrame['frame']; deps: Record<string, Observation> }[] = [];
    for (const [index, frame] of frames.entries()) {
      all.push({ frame, deps: { ...observationsOf(frame, observations?.(frame, index) ?? {}) } });
    }
    for (const create of this.#options.dependencies) await this.#observeWith(await create(), all);
    const { depends } = await this.make();
    const isReady = (deps: TestFrame['deps']): boolean =>
      depends.every((one) => deps[nameOf(one)] !== undefined);
    const ready = all.filter(({ deps }) => isReady(deps));
    if (ready.length === 0) throw new RangeError(noFrames(depends.map(nameOf), all));
    return ready;
  }

  async #observeWith(
    module: AnyModule,
    all: readonly {
      readonly frame: TestFrame['frame'];
      readonly deps: Record<string, Observation>;
    }[],
  ): Promise<void> {
    try {
      await this.initialize(module);
      const { signal } = new AbortController();
      for (const { frame, deps } of all) {
        if (!module.depends.every((one) => deps[nameOf(one)] !== undefined)) continue;
        const result = await module.process(frame, deps as never, { signal });
        if (result) deps[module.name] = observe(module.name, frame, result);
      }
    } finally {
      await this.cleanup(module);
    }
  }

  #within<T>(what: string, call: () => MaybePromise<T>): Promise<T> {
    return withinTime(what, this.#options.callTimeoutMs, call);
  }
}

/** Copies an observation as it is now, for comparisons. */
export function asSeen(observation: Observation | undefined): Seen {
  if (observation === undefined) return undefined;
  const copy = snapshot(observation) as Record<string, unknown>;
  // How long things took is another each time.
  delete copy['timing'];
  return copy;
}

/** Finds the first frame in which two passes differ. @param mayRename - Whether ids may be other ones. */
export function frameDifference(
  expected: readonly Seen[],
  actual: readonly Seen[],
  mayRename = false,
): FrameDifference | undefined {
  const sameness = mayRename ? { renames: new IdRenames() } : {};
  for (const [index, one] of expected.entries()) {
    const found = firstDifference(one, actual[index], sameness);
    if (found !== undefined) return { index, ...found };
  }
  return undefined;
}

function toObservation(
  module: AnyModule,
  frame: LentFrame['frame'],
  result: ProcessResult,
): Observation | undefined {
  return result === undefined || result === null ? undefined : observe(module.name, frame, result);
}

/** A copy that a module may spoil; the thing itself where it cannot be copied. */
function copyOf(observation: Observation): Observation {
  try {
    return decodeObservation(encodeObservation(observation));
  } catch {
    return observation;
  }
}

function noFrames(depends: readonly string[], all: readonly TestFrame[]): string {
  if (all.length === 0) return 'The `frames` option must have at least one frame, got none.';
  const missing = depends.filter((name) => all.every(({ deps }) => deps[name] === undefined));
  const what = missing.length > 0 ? missing.join(', ') : 'all that it depends on at once';
  return `None of the ${all.length} frames reaches the module, for there is no observation of ${what}. Give \`dependencies\` or \`observations\`, and frames in which they see something.`;
}
