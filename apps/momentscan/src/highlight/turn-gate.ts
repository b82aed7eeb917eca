import { NS_PER_SEC } from 'visualbase';

/** Settings of the turn gate; every value has a default. */
export interface TurnGateOptions {
  /** From how many degrees of yaw a head is turned away. Default 25. */
  readonly awayDeg?: number;
  /** Up to how many degrees of yaw a head faces the camera. Default 12. */
  readonly facingDeg?: number;
  /** Seconds that the head must have been away, and then must face the camera. Default 0.4. */
  readonly holdSec?: number;
  /** Longest time from leaving the one to reaching the other. Default 2. */
  readonly maxTurnSec?: number;
}

/** A head that has turned to the camera and stays. */
export interface TurnEvent {
  /** When it reached the camera. */
  readonly startNs: number;
  /** How far away it had been. */
  readonly fromDeg: number;
}

/** Tells when one person's head turns to the camera after having been away. */
export class TurnGate {
  readonly #awayDeg: number;
  readonly #facingDeg: number;
  readonly #holdNs: number;
  readonly #maxTurnNs: number;
  #awaySinceNs: number | undefined;
  #wasAwayNs: number | undefined;
  #farthestDeg = 0;
  #facingSinceNs: number | undefined;

  constructor(options: TurnGateOptions = {}) {
    this.#awayDeg = options.awayDeg ?? 25;
    this.#facingDeg = options.facingDeg ?? 12;
    this.#holdNs = (options.holdSec ?? 0.4) * NS_PER_SEC;
    this.#maxTurnNs = (options.maxTurnSec ?? 2) * NS_PER_SEC;
  }

  /** Takes the head's yaw in degrees at a time; gives the event once it has turned and held. */
  update(yawDeg: number, tNs: number): TurnEvent | undefined {
    const yaw = Math.abs(yawDeg);
    if (yaw >= this.#awayDeg) {
      this.#facingSinceNs = undefined;
      this.#awaySinceNs ??= tNs;
      this.#farthestDeg = Math.max(this.#farthestDeg, yaw);
      if (tNs - this.#awaySinceNs >= this.#holdNs) this.#wasAwayNs = tNs;
      return undefined;
    }
    this.#awaySinceNs = undefined;
    if (this.#wasAwayNs === undefined) {
      this.#farthestDeg = 0;
      return undefined;
    }
    if (yaw > this.#facingDeg) {
      this.#facingSinceNs = undefined;
      return undefined;
    }
    this.#facingSinceNs ??= tNs;
    const startNs = this.#facingSinceNs;
    const isTooLate = startNs - this.#wasAwayNs > this.#maxTurnNs;
    if (!isTooLate && tNs - startNs < this.#holdNs) return undefined;
    const fromDeg = this.#farthestDeg;
    this.#wasAwayNs = undefined;
    this.#facingSinceNs = undefined;
    this.#farthestDeg = 0;
    return isTooLate ? undefined : { startNs, fromDeg };
  }
}
