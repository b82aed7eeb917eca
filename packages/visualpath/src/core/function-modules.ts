import { NS_PER_SEC, Trigger, type Frame } from 'visualbase';
import type { ModuleCapabilities, PortSchema } from './capabilities.ts';
import { nameOf, type Dependency, type DepsOf } from './dependency.ts';
import type { ErrorPolicy } from './error-policy.ts';
import { isPromise, toPromise, type MaybePromise } from './maybe-promise.ts';
import { defineModule, type DefinedModule, type ProcessContext } from './module.ts';
import type { ObservationInit, Signals } from './observation.ts';

/** Options of {@link analyzer}; as in {@link defineModule}. */
export interface AnalyzerOptions<
  D extends readonly Dependency[] = readonly [],
  O extends readonly Dependency[] = readonly [],
> {
  readonly depends?: D;
  readonly optionalDepends?: O;
  readonly stateful?: boolean;
  readonly capabilities?: ModuleCapabilities;
  readonly portSchema?: PortSchema;
  readonly errorPolicy?: ErrorPolicy;
}

/**
 * Makes a module of a function that gives signals: the shortest way from an idea to a run.
 *
 * @param analyze - Gives the signals of a frame, or `undefined` for "saw nothing".
 *
 * @example
 * ```ts
 * const brightness = analyzer('frame.brightness', (frame) => ({ brightness: meanOf(frame.gray()) }));
 * ```
 */
export function analyzer<
  const N extends string,
  const D extends readonly Dependency[] = readonly [],
  const O extends readonly Dependency[] = readonly [],
>(
  name: N,
  analyze: (
    frame: Frame,
    deps: DepsOf<D, O>,
    ctx: ProcessContext,
  ) => MaybePromise<Signals | undefined | null>,
  options: AnalyzerOptions<D, O> = {},
): DefinedModule<N, undefined> {
  return defineModule<N, undefined, D, O>({
    ...options,
    name,
    process: (frame, deps, ctx) => {
      const signals = analyze(frame, deps, ctx);
      return isPromise(signals) ? toPromise(signals).then(toObservation) : toObservation(signals);
    },
  });
}

const toObservation = (
  signals: Signals | undefined | null,
): ObservationInit<undefined> | undefined =>
  signals === undefined || signals === null ? undefined : { signals };

/** What {@link trigger} gives: a trigger that has no time yet. */
export interface TriggerDraft {
  readonly label: string;
  readonly score: number;
  readonly reason: string;
  readonly preSec: number;
  readonly postSec: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Options of {@link trigger}. */
export interface TriggerOptions {
  /** How much it matters, 0..1 by convention. Default 1. */
  readonly score?: number;
  /** Why, in words. Default: none. */
  readonly reason?: string;
  /** Seconds of the clip before and after the moment. Default 2 each. */
  readonly preSec?: number;
  readonly postSec?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Says that something has happened in the frame at hand. For the function of a {@link fusion}. */
export function trigger(label: string, options: TriggerOptions = {}): TriggerDraft {
  const { score = 1, reason = '', preSec = 2, postSec = 2, metadata = {} } = options;
  return { label, score, reason, preSec, postSec, metadata };
}

/** Options of {@link fusion}. */
export interface FusionOptions<
  D extends readonly Dependency[] = readonly [],
  O extends readonly Dependency[] = readonly [],
  N extends string = string,
> {
  /** Modules whose observations it needs. */
  readonly sources: D;
  /** Modules whose observations it takes if they are there. */
  readonly optionalSources?: O;
  /** Default: `fusion.` and the names of the sources. */
  readonly name?: N;
  /** Seconds of media time after a trigger in which there is no other. Default 0. */
  readonly cooldownSec?: number;
  readonly errorPolicy?: ErrorPolicy;
}

/**
 * Makes a module of a function that decides, from what others have seen, whether something has
 * happened.
 *
 * @param decide - Gives a {@link trigger}, or `undefined` for "nothing happened".
 * @throws RangeError for a negative `cooldownSec`.
 *
 * @example
 * ```ts
 * const smile = fusion({ sources: ['face.expression'], cooldownSec: 2 }, (deps) =>
 *   Number(deps['face.expression'].signals['smile']) > 0.7 ? trigger('smile') : undefined,
 * );
 * ```
 */
export function fusion<
  const D extends readonly Dependency[],
  const O extends readonly Dependency[] = readonly [],
  const N extends string = string,
>(
  options: FusionOptions<D, O, N>,
  decide: (deps: DepsOf<D, O>, frame: Frame) => MaybePromise<TriggerDraft | undefined | null>,
): DefinedModule<N, undefined> {
  const { sources, optionalSources, cooldownSec = 0, errorPolicy } = options;
  if (!(cooldownSec >= 0)) {
    throw new RangeError(
      `The \`cooldownSec\` option must be a number of seconds from 0, got ${cooldownSec}.`,
    );
  }
  const cooldownNs = cooldownSec * NS_PER_SEC;
  let quietUntilNs = -Infinity;
  const observe = (
    frame: Frame,
    draft: TriggerDraft | undefined | null,
  ): ObservationInit<undefined> => {
    const tNs = frame.tSrcNs;
    if (draft === undefined || draft === null || tNs < quietUntilNs) return NOT_FIRED;
    quietUntilNs = tNs + cooldownNs;
    return fire(draft, tNs);
  };
  return defineModule<N, undefined, D, O>({
    // Without a name of its own the type of the name is just string.
    name: options.name ?? (`fusion.${sources.map(nameOf).join('+')}` as N),
    depends: sources,
    ...(optionalSources && { optionalDepends: optionalSources }),
    ...(errorPolicy && { errorPolicy }),
    stateful: cooldownSec > 0,
    process: (frame, deps) => {
      const draft = decide(deps, frame);
      return isPromise(draft)
        ? toPromise(draft).then((settled) => observe(frame, settled))
        : observe(frame, draft);
    },
    reset: () => {
      quietUntilNs = -Infinity;
    },
  });
}

const NOT_FIRED: ObservationInit<undefined> = { signals: { should_trigger: false } };

function fire(draft: TriggerDraft, tNs: number): ObservationInit<undefined> {
  const { label, score, reason, preSec, postSec, metadata } = draft;
  const at = { eventTimeNs: tNs, preSec, postSec, label, score, metadata };
  return {
    signals: { should_trigger: true, trigger_score: score, trigger_reason: reason || label },
    metadata: { trigger: Trigger.point(at) },
  };
}
