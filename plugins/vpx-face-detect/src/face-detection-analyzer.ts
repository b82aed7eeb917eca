import {
  BoxTracker,
  ModelModule,
  NS_PER_SEC,
  type Detection,
  type Face,
  type FaceDetectData,
  type FaceEyes,
  type FaceKeypoints,
  type Frame,
  type InferenceEngine,
  type Mark,
  type ModuleCapabilities,
  type Observation,
  type ObservationInit,
  type PortSchema,
  type ProcessContext,
} from 'vpx-sdk';
import { gazeOf } from './eyes/gaze.ts';
import { CLOSE_LOOK, MESH_LOOK } from './eyes/eye-memory.ts';
import type { Side } from './eyes/eye-landmarks.ts';
import {
  completeOptions,
  type CompleteFaceOptions,
  type FaceDetectionOptions,
} from './face-detection-options.ts';
import { marksOfFace } from './face-marks.ts';
import { FaceMemory } from './face-memory.ts';
import { FaceQualityMeter } from './face-quality.ts';
import { areaPx, FACE_SIGNALS, signalsOf } from './face-signals.ts';
import { FaceMeshModel } from './mesh/face-mesh-model.ts';
import { keypointsOfMesh } from './mesh/face-region.ts';
import { headAxes, headPoseOf } from './mesh/head-pose.ts';
import { MeshFollower, type FoundFace } from './mesh/mesh-follower.ts';
import { FACE_DETECTORS } from './search/face-detectors.ts';
import { FaceFinder } from './search/face-finder.ts';

/** Two faces, or the detector and a face, at a time. */
const LANE_COUNT = 2;

/** What finds faces and, with `mesh`, follows them. */
interface FaceSearch {
  readonly finder: FaceFinder;
  readonly follower?: MeshFollower;
}

/**
 * The module `face.detect`: faces with keypoints and track ids and, by option, mesh, head pose, eyes,
 * gaze and quality.
 */
export class FaceDetectionAnalyzer extends ModelModule<FaceSearch, FaceDetectData> {
  readonly name = 'face.detect';
  override readonly stateful = true;
  override readonly capabilities: ModuleCapabilities = {
    flags: ['BATCHING', 'STATEFUL', 'DETERMINISTIC'],
    maxBatchSize: 32,
  };
  override readonly portSchema: PortSchema = { inputs: {}, outputs: FACE_SIGNALS };
  readonly #options: CompleteFaceOptions;
  readonly #tracker: BoxTracker;
  readonly #quality: FaceQualityMeter | undefined;
  readonly #memories = new Map<number, FaceMemory>();

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: FaceDetectionOptions = {}) {
    super({ laneCount: LANE_COUNT, ...options.engine });
    this.#options = completeOptions(options);
    this.#tracker = new BoxTracker({ maxGapSec: this.#options.keepIdSec });
    this.#quality = this.#options.quality ? new FaceQualityMeter() : undefined;
  }

  protected override async load(engine: InferenceEngine): Promise<FaceSearch> {
    const { range, mesh, minConfidence, roi, minFacePx, gaze } = this.#options;
    const { maxFaces, detectEverySec, keepIdSec } = this.#options;
    const model = FACE_DETECTORS[range];
    const finder = await FaceFinder.load(engine, model, {
      roi,
      minFacePx,
      minConfidence: minConfidence ?? model.scoreThreshold,
    });
    if (!mesh) return { finder };
    const follower = new MeshFollower(finder, await FaceMeshModel.load(engine, gaze), {
      maxFaces,
      detectEveryNs: detectEverySec * NS_PER_SEC,
      keepLostNs: keepIdSec * NS_PER_SEC,
    });
    return { finder, follower };
  }

  async process(
    frame: Frame,
    _deps: unknown,
    ctx: ProcessContext,
  ): Promise<ObservationInit<FaceDetectData>> {
    const [result] = await this.processBatch([frame], [], ctx);
    return result!;
  }

  /**
   * Without `mesh`, a frame is prepared while the one before is in the network. With it each frame
   * depends on the one before. Either way each has inferences of its own: one for all would be no
   * quicker, and its sums might differ in the last bit.
   */
  override async processBatch(
    frames: readonly Frame[],
    _depsList: readonly unknown[],
    { signal }: ProcessContext,
  ): Promise<readonly ObservationInit<FaceDetectData>[]> {
    const { finder, follower } = this.models;
    const results: ObservationInit<FaceDetectData>[] = [];
    if (follower !== undefined) {
      for (const frame of frames) {
        results.push(this.#observe(frame, await follower.find(frame, signal)));
      }
      return results;
    }
    if (frames.length === 0) return results;
    let next = finder.find(frames[0]!, signal);
    for (const [i, frame] of frames.entries()) {
      const found = next;
      const after = frames[i + 1];
      if (after !== undefined) {
        next = finder.find(after, signal);
        // If this frame fails first, nobody waits for the next one.
        next.catch(() => undefined);
      }
      results.push(this.#observe(frame, (await found).map(withoutMesh)));
    }
    return results;
  }

  override reset(): void {
    this.#tracker.reset();
    this.loadedModels?.follower?.reset();
    this.#memories.clear();
  }

  override annotate({ data }: Observation<FaceDetectData>): readonly Mark[] {
    return data?.faces.flatMap(marksOfFace) ?? [];
  }

  #observe(frame: Frame, found: readonly FoundFace[]): ObservationInit<FaceDetectData> {
    const tNs = frame.tSrcNs;
    const ids = this.#tracker.update(
      found.map(({ box }) => box),
      tNs,
      { knownIds: found.map(({ followed }) => followed?.trackId) },
    );
    const faces: Face[] = [];
    for (const [i, face] of found.entries()) {
      const trackId = ids[i]!;
      if (face.followed !== undefined) face.followed.trackId = trackId;
      const memory = this.#memoryOf(trackId);
      memory.lastNs = tNs;
      // With `mesh`, a face counts once the mesh model has agreed, and from then on also when hidden.
      memory.isConfirmed ||= !this.#options.mesh || face.reading !== undefined;
      if (memory.isConfirmed) faces.push(this.#toFace(face, trackId, memory, frame));
    }
    for (const [trackId, { lastNs }] of this.#memories) {
      if (tNs - lastNs > this.#options.keepIdSec * NS_PER_SEC) this.#memories.delete(trackId);
    }
    faces.sort(mainFirst);
    const kept = faces.slice(0, this.#options.maxFaces);
    return {
      signals: signalsOf(kept, frame),
      data: { faces: kept, widthPx: frame.width, heightPx: frame.height },
    };
  }

  #memoryOf(trackId: number): FaceMemory {
    const known = this.#memories.get(trackId);
    if (known !== undefined) return known;
    const memory = new FaceMemory(this.#options.gaze ? CLOSE_LOOK : MESH_LOOK);
    this.#memories.set(trackId, memory);
    return memory;
  }

  #toFace(found: FoundFace, trackId: number, memory: FaceMemory, frame: Frame): Face {
    const { box, confidence, detection, reading } = found;
    if (reading === undefined) {
      return { trackId, box, confidence, keypoints: toKeypoints(detection!) };
    }
    const { mesh, irises } = reading;
    const { points } = mesh;
    const axes = headAxes(points);
    const headPose = headPoseOf(axes);
    const eyes = memory.eyesOf(reading, frame.tSrcNs);
    const open = openSides(eyes);
    return {
      ...{ trackId, box, confidence, keypoints: keypointsOfMesh(points), mesh, headPose, eyes },
      ...(irises && open.length > 0 && { gaze: gazeOf({ points, axes, irises }, open) }),
      ...(this.#quality && { quality: this.#quality.measure(frame, box, headPose) }),
    };
  }
}

const openSides = (eyes: FaceEyes): readonly Side[] =>
  (['right', 'left'] as const).filter((side) => !eyes[side].isClosed);

const withoutMesh = (detection: Detection): FoundFace => ({
  box: detection.box,
  confidence: detection.score,
  detection,
  reading: undefined,
  followed: undefined,
});

const mainFirst = (a: Face, b: Face): number => areaPx(b) * b.confidence - areaPx(a) * a.confidence;

function toKeypoints({ keypoints }: Detection): FaceKeypoints {
  const [rightEye, leftEye, noseTip, mouthCentre, rightEar, leftEar] = keypoints;
  return {
    space: 'px',
    rightEye: rightEye!,
    leftEye: leftEye!,
    noseTip: noseTip!,
    mouthCentre: mouthCentre!,
    rightEar: rightEar!,
    leftEar: leftEar!,
  };
}
