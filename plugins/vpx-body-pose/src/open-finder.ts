import { NS_PER_SEC, POSE_DETECTION, SsdDetector, type InferenceEngine } from 'vpx-sdk';
import type { CheckedPoseOptions } from './body-pose-options.ts';
import type { PoseFinder } from './follow/found-pose.ts';
import { MIN_SIGN } from './follow/evidence.ts';
import { PersonSearch } from './follow/person-search.ts';
import { PoseFollower } from './follow/pose-follower.ts';
import { MoveNetFinder } from './movenet/movenet-finder.ts';
import { MoveNetModel } from './movenet/movenet-model.ts';
import { PoseLandmarkModel } from './model/pose-landmark-model.ts';

/** Loads the models that the options ask for. */
export async function openFinder(
  engine: InferenceEngine,
  options: CheckedPoseOptions,
): Promise<PoseFinder> {
  const { model, maxPeople, detectEverySec, minConfidence, minPersonPx, smooth } = options;
  if (model === 'movenet') return new MoveNetFinder(await MoveNetModel.load(engine));
  const detector = await SsdDetector.load(engine, POSE_DETECTION, {
    scoreThreshold: MIN_SIGN,
    // Weaker ones are signs of people, but would move the regions of those who are seen well.
    minBlendScore: POSE_DETECTION.scoreThreshold,
  });
  const landmarks = await PoseLandmarkModel.load(engine, model);
  const detectEveryNs = detectEverySec * NS_PER_SEC;
  const people = new PersonSearch(detector, minPersonPx);
  return new PoseFollower(people, landmarks, { maxPeople, minConfidence, detectEveryNs, smooth });
}
