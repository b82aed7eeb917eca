import {
  iou,
  NS_PER_SEC,
  type Detection,
  type FaceMesh,
  type Frame,
  type PixelBox,
  type SsdDetector,
} from 'vpx-sdk';
import type { FaceMeshModel } from './face-mesh-model.ts';
import {
  applyFit,
  boundsOfMesh,
  fitBox,
  regionOfDetection,
  regionOfMesh,
  type BoxFit,
} from './face-region.ts';

/** A frame that comes later than this after the last one is searched anew: faces may have moved. */
const MAX_STEP_NS = 0.3 * NS_PER_SEC;
/** A mesh and a detection that overlap by this much (IoU) are one face. */
const SAME_FACE_IOU = 0.3;
/** A followed face that the detector did not see this many times in a row is none. */
const MAX_UNSEEN = 2;

/** A face that was found in a frame. */
export interface FoundFace {
  readonly box: PixelBox;
  readonly confidence: number;
  /** The detection behind a face without a mesh. */
  readonly detection: Detection | undefined;
  readonly mesh: FaceMesh | undefined;
}

interface FollowedFace {
  mesh: FaceMesh;
  box: PixelBox;
  fit: BoxFit;
  confidence: number;
  unseenCount: number;
}

/**
 * Follows faces by their mesh from frame to frame, and asks the detector only at an interval and
 * when a face was lost: the mesh costs about half of the detector, and sits better.
 */
export class MeshFollower {
  readonly #detector: SsdDetector;
  readonly #mesh: FaceMeshModel;
  readonly #maxFaces: number;
  readonly #detectEveryNs: number;
  #followed: FollowedFace[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;
  #hasLost = true;

  constructor(
    detector: SsdDetector,
    mesh: FaceMeshModel,
    options: { readonly maxFaces: number; readonly detectEveryNs: number },
  ) {
    this.#detector = detector;
    this.#mesh = mesh;
    this.#maxFaces = options.maxFaces;
    this.#detectEveryNs = options.detectEveryNs;
  }

  /** The faces of the next frame, in order of time. */
  async find(frame: Frame, signal: AbortSignal): Promise<readonly FoundFace[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    await this.#follow(frame, signal);
    const isDue =
      this.#hasLost || this.#followed.length === 0 || tNs - this.#detectedNs >= this.#detectEveryNs;
    const hidden = isDue ? await this.#search(frame, signal) : [];
    const withMesh = this.#followed.map(({ box, confidence, mesh }) => ({
      ...{ box, confidence, mesh, detection: undefined },
    }));
    return [...withMesh, ...hidden];
  }

  /** Forgets all faces. */
  reset(): void {
    this.#followed = [];
    this.#hasLost = true;
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
  }

  async #follow(frame: Frame, signal: AbortSignal): Promise<void> {
    const rois = this.#followed.map(({ mesh }) => regionOfMesh(mesh.points));
    const meshes = await this.#mesh.locate(frame, rois, signal);
    const kept: FollowedFace[] = [];
    for (const [i, face] of this.#followed.entries()) {
      const mesh = meshes[i];
      if (mesh === undefined) continue;
      face.mesh = mesh;
      face.box = applyFit(face.fit, boundsOfMesh(mesh.points));
      // Two that have slid onto one face are one.
      if (kept.every((other) => iou(other.box, face.box) < SAME_FACE_IOU)) kept.push(face);
    }
    this.#hasLost = kept.length < this.#followed.length;
    this.#followed = kept;
  }

  /** Looks at the whole frame; gives the detections in which the mesh model sees no face. */
  async #search(frame: Frame, signal: AbortSignal): Promise<FoundFace[]> {
    this.#detectedNs = frame.tSrcNs;
    const [detections] = await this.#detector.detect([frame], signal);
    const fresh: Detection[] = [];
    const seen = new Set<FollowedFace>();
    for (const detection of detections!) {
      const same = this.#followed.find((face) => iou(face.box, detection.box) >= SAME_FACE_IOU);
      if (same === undefined) {
        fresh.push(detection);
        continue;
      }
      seen.add(same);
      same.confidence = detection.score;
    }
    for (const face of this.#followed) face.unseenCount = seen.has(face) ? 0 : face.unseenCount + 1;
    this.#followed = this.#followed.filter(({ unseenCount }) => unseenCount < MAX_UNSEEN);
    return this.#adopt(frame, fresh.slice(0, this.#maxFaces - this.#followed.length), signal);
  }

  async #adopt(
    frame: Frame,
    detections: readonly Detection[],
    signal: AbortSignal,
  ): Promise<FoundFace[]> {
    const meshes = await this.#mesh.locate(frame, detections.map(regionOfDetection), signal);
    const hidden: FoundFace[] = [];
    for (const [i, detection] of detections.entries()) {
      const mesh = meshes[i];
      const { box, score } = detection;
      if (mesh === undefined) {
        hidden.push({ box, confidence: score, detection, mesh });
        this.#hasLost = true;
        continue;
      }
      const fit = fitBox(box, boundsOfMesh(mesh.points));
      this.#followed.push({ mesh, box, fit, confidence: score, unseenCount: 0 });
    }
    return hidden;
  }
}
