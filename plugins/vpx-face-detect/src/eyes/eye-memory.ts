import { NS_PER_SEC } from 'vpx-sdk';

/** How far lids must come together, and part again, in parts of this person's open eye. */
export interface EyeThresholds {
  readonly close: number;
  readonly open: number;
}

/**
 * Lids of the closer look meet: on a man who closes his eyes for two seconds (360 x 288) it sees 0.2 to
 * 0.35 of his open eye, and 0.65 where he laughs with narrow eyes.
 */
export const CLOSE_LOOK: EyeThresholds = { close: 0.5, open: 0.6 };
/** Those of the mesh alone never quite meet: it sees 0.7 and 0.8. */
export const MESH_LOOK: EyeThresholds = { close: 0.75, open: 0.8 };

/** An eye of an average person, to begin with; narrower eyes are learnt within a few seconds. */
const USUAL_OPENING = 0.25;
/** How quickly the open eye is learnt, when it is wider than believed and when it is narrower. */
const WIDEN_NS = 0.3 * NS_PER_SEC;
const NARROW_NS = 4 * NS_PER_SEC;
/** Closed longer than this, an eye may be a narrow one after all, and is learnt as such, slowly. */
const MAX_CLOSED_NS = 5 * NS_PER_SEC;

/** Tells whether an eye is closed, by how far the same eye opens otherwise. */
export class EyeMemory {
  readonly #thresholds: EyeThresholds;
  #openLevel = USUAL_OPENING;
  #isClosed = false;
  #closedSinceNs = 0;
  #lastNs: number | undefined;

  constructor(thresholds: EyeThresholds) {
    this.#thresholds = thresholds;
  }

  /** Whether the eye is closed at `tNs`, in order of time. @param opening - As of `eyeOpening`. */
  update(opening: number, tNs: number): boolean {
    const stepNs = this.#lastNs === undefined ? 0 : Math.max(0, tNs - this.#lastNs);
    this.#lastNs = tNs;
    // The first look counts as it is: most people have their eyes open.
    if (stepNs === 0) this.#openLevel = Math.max(this.#openLevel, opening);
    const { close, open } = this.#thresholds;
    const wasClosed = this.#isClosed;
    this.#isClosed = opening < (wasClosed ? open : close) * this.#openLevel;
    if (this.#isClosed && !wasClosed) this.#closedSinceNs = tNs;
    if (!this.#isClosed || tNs - this.#closedSinceNs > MAX_CLOSED_NS) {
      const timeNs = opening > this.#openLevel ? WIDEN_NS : NARROW_NS;
      this.#openLevel += (1 - Math.exp(-stepNs / timeNs)) * (opening - this.#openLevel);
    }
    return this.#isClosed;
  }
}
