import type { BodyKeypoints, BodyMeasures, PoseLandmarks } from 'vpx-sdk';
import { handSide } from './hand-side.ts';
import { handsRaised } from './hands-raised.ts';
import { MotionMeter } from './motion-meter.ts';
import { leanDeg, torsoYawDeg } from './posture.ts';
import { WaveDetector } from './wave-detector.ts';
import { wavingPlace } from './waving-hand.ts';

/** Measures one person frame by frame. */
export class BodyMeasurer {
  readonly #left = new WaveDetector();
  readonly #right = new WaveDetector();
  readonly #motion = new MotionMeter();

  /** What the person does in the next frame, in order of time. */
  update(
    keypoints: BodyKeypoints,
    landmarks: PoseLandmarks | undefined,
    tNs: number,
  ): BodyMeasures {
    const lean = leanDeg(keypoints);
    const yaw = landmarks && torsoYawDeg(landmarks);
    const motion = this.#motion.update(keypoints, tNs);
    return {
      handsRaised: handsRaised(keypoints),
      waving: handSide(
        this.#left.update(wavingPlace(keypoints, 'left'), tNs),
        this.#right.update(wavingPlace(keypoints, 'right'), tNs),
      ),
      ...(lean !== undefined && { leanDeg: lean }),
      ...(yaw !== undefined && { torsoYawDeg: yaw }),
      ...(motion !== undefined && { motionEnergy: motion }),
    };
  }
}
