import {
  BoxTracker,
  ModelModule,
  type BodyPoseData,
  type Frame,
  type InferenceEngine,
  type Mark,
  type ModuleCapabilities,
  type Observation,
  type ObservationInit,
  type PortSchema,
  type Pose,
  type ProcessContext,
} from 'vpx-sdk';
import {
  checkedOptions,
  type BodyPoseOptions,
  type CheckedPoseOptions,
} from './body-pose-options.ts';
import type { FoundPose, PoseFinder } from './follow/found-pose.ts';
import { bodyBox, upperBox } from './measure/body-box.ts';
import { PeopleMeasurer } from './measure/people-measurer.ts';
import { openFinder } from './open-finder.ts';
import { marksOfPose } from './pose-marks.ts';

/** Two people at a time. */
const LANE_COUNT = 2;

/** The module `body.pose`: people with their landmarks, track ids and what they do. */
export class BodyPoseAnalyzer extends ModelModule<PoseFinder, BodyPoseData> {
  readonly name = 'body.pose';
  override readonly stateful = true;
  override readonly capabilities: ModuleCapabilities = {
    flags: ['BATCHING', 'STATEFUL', 'DETERMINISTIC'],
    maxBatchSize: 32,
  };
  override readonly portSchema: PortSchema = {
    inputs: {},
    outputs: {
      pose_count: 'number',
      main_pose_confidence: 'number',
      main_pose_track_id: 'number',
      main_pose_area: 'number',
      hands_raised: 'string',
      waving: 'string',
      lean_deg: 'number',
      torso_yaw_deg: 'number',
      motion_energy: 'number',
    },
  };
  readonly #options: CheckedPoseOptions;
  readonly #tracker = new BoxTracker();
  readonly #people = new PeopleMeasurer();

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: BodyPoseOptions = {}) {
    super({ laneCount: LANE_COUNT, ...options.engine });
    this.#options = checkedOptions(options);
  }

  protected override load(engine: InferenceEngine): Promise<PoseFinder> {
    return openFinder(engine, this.#options);
  }

  async process(
    frame: Frame,
    _deps: unknown,
    { signal }: ProcessContext,
  ): Promise<ObservationInit<BodyPoseData>> {
    return this.#observe(frame, await this.models.find(frame, signal));
  }

  /** Each frame depends on the one before, so that they go one after the other. */
  override async processBatch(
    frames: readonly Frame[],
    _depsList: readonly unknown[],
    ctx: ProcessContext,
  ): Promise<readonly ObservationInit<BodyPoseData>[]> {
    const results: ObservationInit<BodyPoseData>[] = [];
    for (const frame of frames) results.push(await this.process(frame, {}, ctx));
    return results;
  }

  override reset(): void {
    this.#tracker.reset();
    this.#people.reset();
    this.loadedModels?.reset();
  }

  override annotate({ data }: Observation<BodyPoseData>): readonly Mark[] {
    return data?.poses.flatMap(marksOfPose) ?? [];
  }

  #observe(frame: Frame, found: readonly FoundPose[]): ObservationInit<BodyPoseData> {
    const { width, height, tSrcNs } = frame;
    const ids = this.#tracker.update(
      found.map(({ keypoints }) => upperBox(keypoints)),
      tSrcNs,
    );
    const poses = found
      .map((one, i): Pose => {
        const trackId = ids[i]!;
        const { confidence, keypoints, landmarks } = one;
        return {
          trackId,
          box: bodyBox(keypoints, width, height),
          confidence,
          keypoints,
          ...(landmarks && { landmarks }),
          ...this.#people.update(trackId, one, tSrcNs),
        };
      })
      .sort(mainFirst);
    return {
      signals: { pose_count: poses.length, ...mainPoseSignals(poses[0], frame) },
      data: { poses, widthPx: width, heightPx: height },
    };
  }
}

const areaOf = ({ box }: Pose): number => (box.x2 - box.x1) * (box.y2 - box.y1);

const mainFirst = (a: Pose, b: Pose): number => areaOf(b) * b.confidence - areaOf(a) * a.confidence;

function mainPoseSignals(pose: Pose | undefined, frame: Frame): Record<string, number | string> {
  if (pose === undefined) return { main_pose_confidence: 0 };
  const { leanDeg, torsoYawDeg, motionEnergy } = pose;
  return {
    main_pose_confidence: pose.confidence,
    main_pose_track_id: pose.trackId,
    main_pose_area: areaOf(pose) / (frame.width * frame.height),
    hands_raised: pose.handsRaised,
    waving: pose.waving,
    ...(leanDeg !== undefined && { lean_deg: leanDeg }),
    ...(torsoYawDeg !== undefined && { torso_yaw_deg: torsoYawDeg }),
    ...(motionEnergy !== undefined && { motion_energy: motionEnergy }),
  };
}
