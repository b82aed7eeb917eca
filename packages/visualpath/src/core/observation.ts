import { VisualError, Trigger, type Frame } from 'visualbase';

/** A scalar that a module measured. */
export type SignalValue = number | boolean | string;

/** Scalars by name. */
export type Signals = Readonly<Record<string, SignalValue>>;

/**
 * What one module saw in one frame: scalars for everyone (`signals`), typed data for those who know
 * the module (`data`), and everything else (`metadata`).
 */
export interface Observation<T = unknown> {
  /** Name of the module. */
  readonly source: string;
  /** {@link Frame.frameId} of the frame. */
  readonly frameId: number;
  /** Media time of the frame in nanoseconds. */
  readonly tNs: number;
  readonly signals: Signals;
  readonly data?: T;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Milliseconds by stage, where the module measures itself. */
  readonly timing?: Readonly<Record<string, number>>;
}

/** What a module returns: the platform adds source, frame and time. An {@link Observation} will do. */
export interface ObservationInit<T = unknown> {
  readonly signals?: Signals;
  readonly data?: T;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly timing?: Readonly<Record<string, number>>;
}

const NO_SIGNALS: Signals = Object.freeze({});
const NO_METADATA: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * Makes an observation of a frame.
 *
 * @throws VisualError `VP_MODULE_BAD_RESULT` if `init` is not an object.
 */
export function observe<T>(
  source: string,
  frame: Pick<Frame, 'frameId' | 'tSrcNs'>,
  init: ObservationInit<T>,
): Observation<T> {
  if (typeof init !== 'object' || Array.isArray(init)) {
    throw new VisualError(
      'VP_MODULE_BAD_RESULT',
      `Module "${source}" returned ${Array.isArray(init) ? 'an array' : `a ${typeof init}`} for frame ${frame.frameId}. Return { signals, data, metadata }, or undefined for "saw nothing".`,
      { details: { module: source, frameId: frame.frameId } },
    );
  }
  const observation: Mutable<Observation<T>> = {
    source,
    frameId: frame.frameId,
    tNs: frame.tSrcNs,
    signals: init.signals ?? NO_SIGNALS,
    metadata: init.metadata ?? NO_METADATA,
  };
  if (init.data !== undefined) observation.data = init.data;
  if (init.timing !== undefined) observation.timing = init.timing;
  return observation;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Tells whether an observation asks for a trigger: `signals.should_trigger` is true. */
export const shouldTrigger = (observation: Observation): boolean =>
  observation.signals['should_trigger'] === true;

/** `signals.trigger_score`, 0 if there is none. */
export function triggerScore(observation: Observation): number {
  const score = observation.signals['trigger_score'];
  return typeof score === 'number' ? score : 0;
}

/** `signals.trigger_reason`, '' if there is none. */
export function triggerReason(observation: Observation): string {
  const reason = observation.signals['trigger_reason'];
  return typeof reason === 'string' ? reason : '';
}

/**
 * The trigger of an observation that {@link shouldTrigger}: its `metadata.trigger`, or a point at
 * the observation's time labelled with the module's name. Undefined for any other observation.
 *
 * @throws VisualError `VP_MODULE_BAD_RESULT` if `signals.trigger_score` is no finite number.
 */
export function triggerOf(observation: Observation): Trigger | undefined {
  if (!shouldTrigger(observation)) return undefined;
  const trigger = observation.metadata['trigger'];
  if (trigger instanceof Trigger) return trigger;
  const score = triggerScore(observation);
  if (!Number.isFinite(score)) throw badScore(observation, score);
  return Trigger.point({
    eventTimeNs: observation.tNs,
    preSec: 0,
    postSec: 0,
    label: observation.source,
    score,
  });
}

function badScore({ source, frameId }: Observation, score: number): VisualError {
  return new VisualError(
    'VP_MODULE_BAD_RESULT',
    `Module "${source}" asked for a trigger on frame ${frameId} with the trigger_score ${score}. Give a finite number, or none.`,
    { details: { module: source, frameId } },
  );
}
