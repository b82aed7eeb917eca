import type { Eye, FaceEyes, Iris } from 'vpx-sdk';
import { BlinkMemory } from './eyes/blink-memory.ts';
import { EyeMemory, type EyeThresholds } from './eyes/eye-memory.ts';
import { eyeOpening } from './eyes/eye-opening.ts';
import type { Side } from './eyes/eye-landmarks.ts';
import type { FaceReading } from './mesh/face-mesh-model.ts';

/** What is remembered of one face from frame to frame. */
export class FaceMemory {
  readonly #eyes: Readonly<Record<Side, EyeMemory>>;
  readonly #blinks = new BlinkMemory();
  /** Whether the mesh model has ever seen a face here. */
  isConfirmed = false;
  /** When the face was last seen, media time. */
  lastNs = -Infinity;

  constructor(thresholds: EyeThresholds) {
    this.#eyes = { right: new EyeMemory(thresholds), left: new EyeMemory(thresholds) };
  }

  /** The eyes at `tNs`, in order of time. */
  eyesOf({ mesh, irises }: FaceReading, tNs: number): FaceEyes {
    const eyeOf = (side: Side, iris: Iris | undefined): Eye => {
      const opening = eyeOpening(mesh.points, side);
      const isClosed = this.#eyes[side].update(opening, tNs);
      return { opening, isClosed, ...(iris && { iris }) };
    };
    const right = eyeOf('right', irises?.right);
    const left = eyeOf('left', irises?.left);
    return { right, left, ...this.#blinks.update(right.isClosed && left.isClosed, tNs) };
  }
}
