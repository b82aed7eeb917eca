import { secToNs } from '../time/ns.ts';

interface TriggerCommon {
  /** What happened, in a word or two. */
  readonly label: string;
  /** How much it matters, higher is more; 0..1 by convention. Default 0. */
  readonly score?: number;
  /** Plain data, for whoever handles the trigger. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What {@link Trigger.point} needs. */
export interface PointTriggerInit extends TriggerCommon {
  /** Media time of the event. */
  readonly eventTimeNs: number;
  /** Seconds of the clip before and after the event. */
  readonly preSec: number;
  readonly postSec: number;
}

/** What {@link Trigger.range} needs. */
export interface RangeTriggerInit extends TriggerCommon {
  readonly startTimeNs: number;
  readonly endTimeNs: number;
  /** Seconds of the clip before the start and after the end. Default 0. */
  readonly preSec?: number;
  readonly postSec?: number;
}

/** A {@link Trigger} as plain data. */
export interface TriggerJson {
  readonly kind: 'point' | 'range';
  readonly startTimeNs: number;
  readonly endTimeNs: number;
  readonly preSec: number;
  readonly postSec: number;
  readonly label: string;
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A moment, or a span of time, worth a clip. Immutable; checked when it is made. */
export class Trigger implements TriggerJson {
  readonly kind: 'point' | 'range';
  readonly startTimeNs: number;
  readonly endTimeNs: number;
  readonly preSec: number;
  readonly postSec: number;
  readonly label: string;
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;

  private constructor(json: TriggerJson) {
    // Callers without types, and data from other languages, come here too.
    const kind: unknown = json.kind;
    if (kind !== 'point' && kind !== 'range') {
      throw new TypeError(
        `The kind of a trigger must be "point" or "range", got ${JSON.stringify(kind)}.`,
      );
    }
    requireTime('startTimeNs', json.startTimeNs);
    requireTime('endTimeNs', json.endTimeNs);
    if (json.endTimeNs < json.startTimeNs) {
      throw new RangeError(
        `endTimeNs (${json.endTimeNs}) must not be before startTimeNs (${json.startTimeNs}).`,
      );
    }
    if (json.kind === 'point' && json.endTimeNs !== json.startTimeNs) {
      throw new RangeError(
        `A point trigger has one time, got startTimeNs ${json.startTimeNs} and endTimeNs ${json.endTimeNs}.`,
      );
    }
    requireSeconds('preSec', json.preSec);
    requireSeconds('postSec', json.postSec);
    const label: unknown = json.label;
    if (typeof label !== 'string' || label === '') {
      throw new TypeError(`The label of a trigger must be a text, got ${JSON.stringify(label)}.`);
    }
    if (!Number.isFinite(json.score)) {
      throw new RangeError(`The score of a trigger must be a finite number, got ${json.score}.`);
    }
    const metadata: unknown = json.metadata;
    if (typeof metadata !== 'object' || metadata === null) {
      throw new TypeError(
        `The metadata of a trigger must be an object, got ${JSON.stringify(metadata)}.`,
      );
    }
    this.kind = json.kind;
    this.startTimeNs = json.startTimeNs;
    this.endTimeNs = json.endTimeNs;
    this.preSec = json.preSec;
    this.postSec = json.postSec;
    this.label = json.label;
    this.score = json.score;
    this.metadata = Object.freeze({ ...json.metadata });
    Object.freeze(this);
  }

  /** Something that happened at one moment. @throws RangeError or TypeError naming what is wrong. */
  static point(init: PointTriggerInit): Trigger {
    const { eventTimeNs, preSec, postSec, label, score = 0, metadata = {} } = init;
    requireTime('eventTimeNs', eventTimeNs);
    return new Trigger({
      kind: 'point',
      startTimeNs: eventTimeNs,
      endTimeNs: eventTimeNs,
      ...{ preSec, postSec, label, score, metadata },
    });
  }

  /** Something that lasted. @throws RangeError or TypeError naming what is wrong. */
  static range(init: RangeTriggerInit): Trigger {
    const {
      startTimeNs,
      endTimeNs,
      preSec = 0,
      postSec = 0,
      label,
      score = 0,
      metadata = {},
    } = init;
    return new Trigger({
      kind: 'range',
      ...{ startTimeNs, endTimeNs, preSec, postSec, label, score, metadata },
    });
  }

  /** Rebuilds a trigger from {@link Trigger.toJSON}'s data. */
  static fromJSON(json: TriggerJson): Trigger {
    return new Trigger(json);
  }

  /** The moment itself; the start of a range. */
  get eventTimeNs(): number {
    return this.startTimeNs;
  }

  /** Where the clip begins: `preSec` before the event, not before the start of the stream. */
  get clipStartNs(): number {
    return Math.max(0, this.startTimeNs - secToNs(this.preSec));
  }

  /** Where the clip ends, exclusive. */
  get clipEndNs(): number {
    return this.endTimeNs + secToNs(this.postSec);
  }

  /** Plain data that survives JSON, workers and other languages. */
  toJSON(): TriggerJson {
    const { kind, startTimeNs, endTimeNs, preSec, postSec, label, score, metadata } = this;
    return { kind, startTimeNs, endTimeNs, preSec, postSec, label, score, metadata };
  }
}

function requireTime(name: string, tNs: number): void {
  if (Number.isSafeInteger(tNs) && tNs >= 0) return;
  throw new RangeError(`${name} must be whole nanoseconds from 0, got ${String(tNs)}.`);
}

function requireSeconds(name: string, sec: number): void {
  if (Number.isFinite(sec) && sec >= 0) return;
  throw new RangeError(`${name} must be a number of seconds of at least 0, got ${String(sec)}.`);
}
