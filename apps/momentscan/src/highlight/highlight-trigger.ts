import { NS_PER_SEC, secToNs, Trigger } from 'visualbase';
import { Module, type DepsOf, type Frame, type ObservationInit, type PortSchema } from 'visualpath';
import type { Face } from 'vpx-sdk';
import { SmileGate, type SmileGateOptions } from './smile-gate.ts';
import { TurnGate, type TurnGateOptions } from './turn-gate.ts';

/** What a highlight can be. */
export type HighlightLabel = 'smile' | 'look-at-camera';

/** Options of {@link HighlightTrigger}. */
export interface HighlightOptions {
  /** Seconds after a highlight in which no other begins. Default 2. */
  readonly cooldownSec?: number;
  /** Seconds of the clip before and after the moment. Default 1.5 and 2.5. */
  readonly preSec?: number;
  readonly postSec?: number;
  readonly smile?: SmileGateOptions;
  readonly turn?: TurnGateOptions;
}

interface Person {
  readonly smile: SmileGate;
  readonly turn: TurnGate;
  lastSeenNs: number;
}

interface Candidate {
  readonly label: HighlightLabel;
  readonly startNs: number;
  readonly score: number;
  readonly reason: string;
  readonly trackId: number;
}

/** Who has not been seen for this long is forgotten. */
const FORGET_NS = 30 * NS_PER_SEC;
/** A turn from this far away is the best there is. */
const FULL_TURN_DEG = 60;

/**
 * The module `highlight.trigger`: fires when somebody begins to smile (over their own usual face, and
 * held) or turns to the camera. Each person is judged by their own track.
 */
export class HighlightTrigger extends Module {
  readonly name = 'highlight.trigger';
  override readonly depends = ['face.detect'] as const;
  override readonly optionalDepends = ['face.expression'] as const;
  override readonly stateful = true;
  override readonly portSchema: PortSchema = {
    inputs: { face_count: 'number' },
    outputs: { should_trigger: 'boolean', trigger_score: 'number', trigger_reason: 'string' },
  };
  readonly #options: HighlightOptions;
  readonly #cooldownNs: number;
  readonly #people = new Map<number, Person>();
  #quietUntilNs = 0;

  constructor(options: HighlightOptions = {}) {
    super();
    this.#options = options;
    this.#cooldownNs = secToNs(options.cooldownSec ?? 2);
  }

  process(frame: Frame, deps: DepsOf<['face.detect'], ['face.expression']>): ObservationInit {
    const tNs = frame.tSrcNs;
    const smiles = new Map(
      deps['face.expression']?.data?.expressions.map(({ trackId, smile }) => [trackId, smile]),
    );
    const candidates: Candidate[] = [];
    for (const face of deps['face.detect'].data?.faces ?? []) {
      const person = this.#person(face.trackId, tNs);
      candidates.push(...judge(person, face, smiles.get(face.trackId), tNs));
    }
    for (const [trackId, { lastSeenNs }] of this.#people) {
      if (tNs - lastSeenNs > FORGET_NS) this.#people.delete(trackId);
    }
    const best = candidates.sort((a, b) => b.score - a.score)[0];
    if (best === undefined || best.startNs < this.#quietUntilNs) {
      return { signals: { should_trigger: false } };
    }
    this.#quietUntilNs = tNs + this.#cooldownNs;
    return this.#fire(best);
  }

  override reset(): void {
    this.#people.clear();
    this.#quietUntilNs = 0;
  }

  #person(trackId: number, tNs: number): Person {
    let person = this.#people.get(trackId);
    if (person === undefined) {
      const { smile, turn } = this.#options;
      person = { smile: new SmileGate(smile), turn: new TurnGate(turn), lastSeenNs: tNs };
      this.#people.set(trackId, person);
    }
    person.lastSeenNs = tNs;
    return person;
  }

  #fire({ label, startNs, score, reason, trackId }: Candidate): ObservationInit {
    const { preSec = 1.5, postSec = 2.5 } = this.#options;
    const trigger = Trigger.point({
      eventTimeNs: startNs,
      preSec,
      postSec,
      label,
      score,
      metadata: { reason, trackId },
    });
    return {
      signals: { should_trigger: true, trigger_score: score, trigger_reason: reason },
      metadata: { trigger },
    };
  }
}

function judge(person: Person, face: Face, smile: number | undefined, tNs: number): Candidate[] {
  const { trackId } = face;
  const found: Candidate[] = [];
  const smiled = smile === undefined ? undefined : person.smile.update(smile, tNs);
  if (smiled !== undefined) {
    const { startNs, rise } = smiled;
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    const reason = `smile rose to ${percent(smiled.smile)}, usual for this person ${percent(smiled.smile - rise)}`;
    found.push({ label: 'smile', startNs, score: (smiled.smile + rise) / 2, reason, trackId });
  }
  const turned = face.headPose && person.turn.update(face.headPose.yawDeg, tNs);
  if (turned !== undefined) {
    const { startNs, fromDeg } = turned;
    const reason = `head turned to the camera from ${Math.round(fromDeg)} degrees away`;
    const score = 0.5 * Math.min(1, fromDeg / FULL_TURN_DEG);
    found.push({ label: 'look-at-camera', startNs, score, reason, trackId });
  }
  return found;
}
