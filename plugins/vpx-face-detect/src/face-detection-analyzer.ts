import {
  BoxTracker,
  InferenceEngine,
  Module,
  NS_PER_SEC,
  SsdDetector,
  VisualError,
  type Detection,
  type Face,
  type FaceDetectData,
  type FaceKeypoints,
  type Frame,
  type ModuleCapabilities,
  type ObservationInit,
  type PortSchema,
  type ProcessContext,
} from 'vpx-sdk';
import { FACE_DETECTORS, type FaceRange } from './face-detectors.ts';
import { FaceMeshModel } from './face-mesh-model.ts';
import { keypointsOfMesh } from './face-region.ts';
import { headPoseFromMesh } from './head-pose.ts';
import { MeshFollower, type FoundFace } from './mesh-follower.ts';

const MAX_FACES = 8;
const DETECT_EVERY_SEC = 0.5;

/** Options of {@link FaceDetectionAnalyzer}. */
export interface FaceDetectionOptions {
  /** Model by distance: `full` (about 5 m) or `short` (about 2 m, a third of the cost). Default `full`. */
  readonly range?: FaceRange;
  /**
   * Also find 468 landmarks and the head pose of each face. Faces are then followed by their
   * landmarks, and a detection in which the mesh model never saw a face is left out. Default false.
   */
  readonly mesh?: boolean;
  /** With `mesh`: seconds after which the detector looks for new faces. Default 0.5. */
  readonly detectEverySec?: number;
  /** Most faces per frame; the largest are kept. Default 8. */
  readonly maxFaces?: number;
  /** Least confidence of a face, 0..1 exclusive. Default: the model's own, 0.6 (`full`) or 0.5 (`short`). */
  readonly minConfidence?: number;
  /** Threads for one inference. Default: the engine's. */
  readonly threadCount?: number;
}

/** The module `face.detect`: faces with keypoints, track ids and, by option, mesh and head pose. */
export class FaceDetectionAnalyzer extends Module<FaceDetectData> {
  readonly name = 'face.detect';
  override readonly stateful = true;
  override readonly capabilities: ModuleCapabilities = {
    flags: ['BATCHING', 'STATEFUL', 'DETERMINISTIC'],
    maxBatchSize: 32,
  };
  override readonly portSchema: PortSchema = {
    inputs: {},
    outputs: {
      face_count: 'number',
      main_face_confidence: 'number',
      main_face_track_id: 'number',
      main_face_area: 'number',
      main_face_yaw_deg: 'number',
      main_face_pitch_deg: 'number',
      main_face_roll_deg: 'number',
    },
  };
  readonly #options: FaceDetectionOptions;
  readonly #tracker = new BoxTracker();
  #engine: InferenceEngine | undefined;
  #detector: SsdDetector | undefined;
  #follower: MeshFollower | undefined;
  /** Tracks in which the mesh model has seen a face. */
  #confirmed = new Set<number>();

  /** @throws RangeError naming the option that is wrong. */
  constructor(options: FaceDetectionOptions = {}) {
    super();
    const {
      minConfidence = 0.5,
      maxFaces = MAX_FACES,
      detectEverySec = DETECT_EVERY_SEC,
    } = options;
    if (!(minConfidence > 0 && minConfidence < 1)) {
      throw new RangeError(
        `The \`minConfidence\` option must lie between 0 and 1, got ${minConfidence}.`,
      );
    }
    if (!(Number.isSafeInteger(maxFaces) && maxFaces > 0)) {
      throw new RangeError(
        `The \`maxFaces\` option must be a whole number from 1, got ${maxFaces}.`,
      );
    }
    if (!(detectEverySec >= 0)) {
      throw new RangeError(
        `The \`detectEverySec\` option must be a number of seconds from 0, got ${detectEverySec}.`,
      );
    }
    this.#options = options;
  }

  override async initialize(): Promise<void> {
    const { range = 'full', mesh = false, minConfidence, threadCount } = this.#options;
    const { maxFaces = MAX_FACES, detectEverySec = DETECT_EVERY_SEC } = this.#options;
    const engine = await InferenceEngine.shared(threadCount === undefined ? {} : { threadCount });
    this.#engine = engine;
    this.#detector = await SsdDetector.load(engine, FACE_DETECTORS[range], minConfidence);
    if (!mesh) return;
    const detectEveryNs = detectEverySec * NS_PER_SEC;
    const meshModel = await FaceMeshModel.load(engine);
    this.#follower = new MeshFollower(this.#detector, meshModel, { maxFaces, detectEveryNs });
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
   * Without `mesh`, one inference for all frames. With it each frame depends on the one before, so
   * that they go one after the other.
   */
  override async processBatch(
    frames: readonly Frame[],
    _depsList: readonly unknown[],
    { signal }: ProcessContext,
  ): Promise<readonly ObservationInit<FaceDetectData>[]> {
    if (this.#detector === undefined) {
      throw new VisualError(
        'VPX_NOT_INITIALIZED',
        'face.detect: call initialize() before process().',
      );
    }
    const results: ObservationInit<FaceDetectData>[] = [];
    if (this.#follower !== undefined) {
      for (const frame of frames) {
        results.push(this.#observe(frame, await this.#follower.find(frame, signal)));
      }
      return results;
    }
    const detected = await this.#detector.detect(frames, signal);
    return frames.map((frame, i) => this.#observe(frame, detected[i]!.map(withoutMesh)));
  }

  override reset(): void {
    this.#tracker.reset();
    this.#follower?.reset();
    this.#confirmed.clear();
  }

  override async cleanup(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#detector = undefined;
    this.#follower = undefined;
    await engine?.close();
  }

  #observe(frame: Frame, found: readonly FoundFace[]): ObservationInit<FaceDetectData> {
    const ids = this.#tracker.update(
      found.map(({ box }) => box),
      frame.tSrcNs,
    );
    const faces = found
      .map((face, i) => toFace(face, ids[i]!))
      .filter((face) => this.#isConfirmed(face))
      .sort(mainFirst)
      .slice(0, this.#options.maxFaces ?? MAX_FACES);
    return {
      signals: { face_count: faces.length, ...mainFaceSignals(faces[0], frame) },
      data: { faces, widthPx: frame.width, heightPx: frame.height },
    };
  }

  /** With `mesh`, a face counts once the mesh model has agreed, and from then on also when hidden. */
  #isConfirmed({ trackId, mesh }: Face): boolean {
    if (this.#follower === undefined) return true;
    if (mesh !== undefined) this.#confirmed.add(trackId);
    return this.#confirmed.has(trackId);
  }
}

const withoutMesh = (detection: Detection): FoundFace => ({
  box: detection.box,
  confidence: detection.score,
  detection,
  mesh: undefined,
});

const areaOf = ({ box }: Pick<Face, 'box'>): number => (box.x2 - box.x1) * (box.y2 - box.y1);

const mainFirst = (a: Face, b: Face): number => areaOf(b) * b.confidence - areaOf(a) * a.confidence;

function toFace({ box, confidence, detection, mesh }: FoundFace, trackId: number): Face {
  if (mesh === undefined) {
    return { trackId, box, confidence, keypoints: toKeypoints(detection!) };
  }
  const headPose = headPoseFromMesh(mesh.points);
  return { trackId, box, confidence, keypoints: keypointsOfMesh(mesh.points), mesh, headPose };
}

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

function mainFaceSignals(face: Face | undefined, frame: Frame): Record<string, number> {
  if (face === undefined) return { main_face_confidence: 0 };
  const { headPose } = face;
  return {
    main_face_confidence: face.confidence,
    main_face_track_id: face.trackId,
    main_face_area: areaOf(face) / (frame.width * frame.height),
    ...(headPose && {
      main_face_yaw_deg: headPose.yawDeg,
      main_face_pitch_deg: headPose.pitchDeg,
      main_face_roll_deg: headPose.rollDeg,
    }),
  };
}
