import { NS_PER_SEC, type BodyMeasures } from 'vpx-sdk';
import type { FoundPose } from '../follow/found-pose.ts';
import { BodyMeasurer } from './body-measurer.ts';

/** A track that ended this long ago does not come back. */
const FORGET_NS = 2 * NS_PER_SEC;

interface Measured {
  readonly measurer: BodyMeasurer;
  lastNs: number;
}

/** Measures people by their track ids. */
export class PeopleMeasurer {
  readonly #people = new Map<number, Measured>();

  /** What a person does in the next frame, in order of time. */
  update(trackId: number, { keypoints, landmarks }: FoundPose, tNs: number): BodyMeasures {
    for (const [id, { lastNs }] of this.#people) {
      if (tNs - lastNs > FORGET_NS) this.#people.delete(id);
    }
    const person = this.#people.get(trackId) ?? { measurer: new BodyMeasurer(), lastNs: tNs };
    this.#people.set(trackId, person);
    person.lastNs = tNs;
    return person.measurer.update(keypoints, landmarks, tNs);
  }

  /** Forgets everybody. */
  reset(): void {
    this.#people.clear();
  }
}
