import { FACE_EMOTIONS, NS_PER_SEC, type Emotion } from 'vpx-sdk';
import { happyScore, surprisedScore } from '../combined-scores.ts';
import type { Emotions } from '../emotion/emotion-model.ts';
import type { FaceMeasures } from '../geometry/face-geometry.ts';
import { surpriseScore } from '../geometry/surprise-score.ts';
import { dominantEmotion } from './emotion-label.ts';
import { timeShare } from './time-share.ts';
import { UsualValue } from './usual-value.ts';

/** Who was not seen for this long is begun anew. */
const FORGET_NS = 2 * NS_PER_SEC;

/** Brows raised by this much, in eye distances, are fully raised: measured on one man. */
const FULL_RAISE = 0.04;

/** What one frame shows of a face. */
export interface SeenFace {
  readonly emotions: Emotions | undefined;
  readonly smile: number | undefined;
  readonly measures: FaceMeasures | undefined;
}

/** What a face shows over time. */
export interface RememberedExpression {
  readonly happy: number;
  readonly surprise: number;
  readonly emotions?: Emotions;
  readonly emotion?: Emotion;
  readonly browRaise?: number;
}

interface Track {
  lastNs: number;
  happy: number;
  surprise: number;
  emotions: Emotions | undefined;
  emotion: Emotion | undefined;
  readonly usualBrowHeight: UsualValue;
}

/** Smooths what faces show over the time of the video, each track by itself. */
export class ExpressionMemory {
  readonly #smoothingSec: number;
  readonly #tracks = new Map<number, Track>();

  /** @param smoothingSec - Time constant, seconds; 0 for no smoothing. */
  constructor(smoothingSec: number) {
    this.#smoothingSec = smoothingSec;
  }

  /** Number of tracks that are remembered. */
  get trackCount(): number {
    return this.#tracks.size;
  }

  /** Takes what a frame at `tNs` shows of a track. */
  update(
    trackId: number,
    tNs: number,
    { emotions, smile, measures }: SeenFace,
  ): RememberedExpression {
    const known = this.#tracks.get(trackId);
    const isFresh = known === undefined || tNs < known.lastNs || tNs - known.lastNs > FORGET_NS;
    const track = isFresh ? newTrack(tNs) : known;
    this.#tracks.set(trackId, track);
    const dtSec = (tNs - track.lastNs) / NS_PER_SEC;
    track.lastNs = tNs;
    const browRaise =
      measures &&
      risen(measures.browHeight, track.usualBrowHeight.update(measures.browHeight, dtSec));
    const byShape = measures && surpriseScore(browRaise!, measures.mouthOpening);
    const share = isFresh ? 1 : timeShare(dtSec, this.#smoothingSec);
    track.happy += (happyScore(emotions, smile) - track.happy) * share;
    track.surprise += (surprisedScore(emotions, byShape) - track.surprise) * share;
    track.emotions = emotions && mixed(track.emotions ?? emotions, emotions, share);
    const { happy, surprise } = track;
    if (track.emotions !== undefined) {
      track.emotion = dominantEmotion(corrected(track.emotions, happy, surprise), track.emotion);
    }
    return {
      happy,
      surprise,
      ...(track.emotions && { emotions: track.emotions }),
      ...(track.emotion && { emotion: track.emotion }),
      ...(browRaise !== undefined && { browRaise }),
    };
  }

  /** Drops the tracks that were last seen long before `tNs`. */
  forget(tNs: number): void {
    for (const [trackId, { lastNs }] of this.#tracks) {
      if (tNs - lastNs > FORGET_NS) this.#tracks.delete(trackId);
    }
  }

  /** Forgets everybody. */
  reset(): void {
    this.#tracks.clear();
  }
}

const newTrack = (tNs: number): Track => ({
  lastNs: tNs,
  happy: 0,
  surprise: 0,
  emotions: undefined,
  emotion: undefined,
  usualBrowHeight: new UsualValue(),
});

const risen = (height: number, usual: number): number =>
  Math.max(0, Math.min(1, (height - usual) / FULL_RAISE));

/** The model's shares, corrected by the mesh: what a smile adds to happy, neutral loses, and back. */
function corrected(emotions: Emotions, happy: number, surprise: number): Emotions {
  const neutral = Math.max(0, emotions.neutral + emotions.happy - happy);
  return { ...emotions, happy, surprise, neutral };
}

function mixed(before: Emotions, now: Emotions, share: number): Emotions {
  const entries = FACE_EMOTIONS.map(
    (emotion) => [emotion, before[emotion] + (now[emotion] - before[emotion]) * share] as const,
  );
  return Object.fromEntries(entries) as Record<Emotion, number>;
}
