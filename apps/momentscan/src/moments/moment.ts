import type { Trigger } from 'visualbase';
import type { FaceDetectData, FaceExpressionData } from 'vpx-sdk';
import type { HighlightLabel } from '../highlight/highlight-trigger.ts';

/** Lids closer than this (over the width of the eye) are half shut: no frame for a still. */
const OPEN_EYES = 0.22;
/** A head turned further than this is no longer said to face the camera at all. */
const FULL_YAW_DEG = 45;

/** A highlight while its frames are still being looked at, and after. */
export class Moment {
  readonly label: HighlightLabel;
  readonly trackId: number;
  readonly reason: string;
  readonly eventNs: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly #triggerScore: number;
  #peakNs: number;
  #peakValue = -1;

  /** @param trigger - Of `highlight.trigger`. */
  constructor(trigger: Trigger) {
    this.label = trigger.label as HighlightLabel;
    this.trackId = trigger.metadata['trackId'] as number;
    this.reason = trigger.metadata['reason'] as string;
    this.eventNs = trigger.eventTimeNs;
    this.startNs = trigger.clipStartNs;
    this.endNs = trigger.clipEndNs;
    this.#triggerScore = trigger.score;
    this.#peakNs = trigger.eventTimeNs;
  }

  /** The frame in which it shows best, of those seen so far. */
  get peakNs(): number {
    return this.#peakNs;
  }

  /** 0..1: how clearly it began, and how clearly it shows at its peak. */
  get score(): number {
    const score = (this.#triggerScore + Math.max(0, this.#peakValue)) / 2;
    return Math.min(1, Math.max(0, score));
  }

  /** Looks at a further frame. Gives false once the clip's time is over. */
  see(
    tNs: number,
    detected: FaceDetectData | undefined,
    expressed: FaceExpressionData | undefined,
  ): boolean {
    if (tNs >= this.endNs) return false;
    if (tNs < this.eventNs) return true;
    const value = this.#valueOf(detected, expressed);
    if (value > this.#peakValue) {
      this.#peakValue = value;
      this.#peakNs = tNs;
    }
    return true;
  }

  #valueOf(
    detected: FaceDetectData | undefined,
    expressed: FaceExpressionData | undefined,
  ): number {
    const expression = expressed?.expressions.find(({ trackId }) => trackId === this.trackId);
    const eyes = Math.min(1, (expression?.eyeOpening ?? 0) / OPEN_EYES);
    if (this.label === 'smile') return (expression?.smile ?? 0) * eyes;
    const face = detected?.faces.find(({ trackId }) => trackId === this.trackId);
    if (face?.headPose === undefined) return 0;
    return Math.max(0, 1 - Math.abs(face.headPose.yawDeg) / FULL_YAW_DEG) * eyes;
  }
}
