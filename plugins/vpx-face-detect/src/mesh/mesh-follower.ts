import { iou, NS_PER_SEC, type Detection, type Frame, type PixelBox } from 'vpx-sdk';
import { hasMiddleIn } from '../search/search-region.ts';
import type { FaceFinder } from '../search/face-finder.ts';
import type { FaceMeshModel, FaceReading } from './face-mesh-model.ts';
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
/** With as many faces as wanted, the detector only has to notice that one is none: this much less often. */
const FULL_FACTOR = 4;
/** A followed face that the detector did not see this many times in a row is none. */
const MAX_UNSEEN = 2;
/** While a face is hidden, or one shows no mesh, the detector looks this often. */
const LOOK_AGAIN_NS = 0.1 * NS_PER_SEC;

/** A face that is followed; the same object from frame to frame. */
export interface FollowedFace {
  reading: FaceReading;
  box: PixelBox;
  fit: BoxFit;
  confidence: number;
  unseenCount: number;
  /** For the owner of the follower to keep its own number in. */
  trackId: number | undefined;
}

/** A face that was found in a frame. */
export interface FoundFace {
  readonly box: PixelBox;
  readonly confidence: number;
  /** The detection behind a face without a mesh. */
  readonly detection: Detection | undefined;
  readonly reading: FaceReading | undefined;
  readonly followed: FollowedFace | undefined;
}

/** A face that was followed and is no more. */
interface LostFace {
  box: PixelBox;
  seenNs: number;
}

/** Options of {@link MeshFollower}. */
export interface MeshFollowerOptions {
  readonly maxFaces: number;
  readonly detectEveryNs: number;
  /** How long the detector looks for a face that was lost. */
  readonly keepLostNs: number;
}

/**
 * Follows faces by their mesh from frame to frame. The detector looks when nobody is followed, when a
 * face was lost or shows no mesh, and else only at an interval: the mesh costs about half of the
 * detector, and sits better.
 */
export class MeshFollower {
  readonly #finder: FaceFinder;
  readonly #mesh: FaceMeshModel;
  readonly #options: MeshFollowerOptions;
  #followed: FollowedFace[] = [];
  #lost: LostFace[] = [];
  #lastNs = -Infinity;
  #detectedNs = -Infinity;
  #lookAgainNs = -Infinity;

  constructor(finder: FaceFinder, mesh: FaceMeshModel, options: MeshFollowerOptions) {
    this.#finder = finder;
    this.#mesh = mesh;
    this.#options = options;
  }

  /** The faces of the next frame, in order of time. */
  async find(frame: Frame, signal: AbortSignal): Promise<readonly FoundFace[]> {
    const tNs = frame.tSrcNs;
    if (tNs - this.#lastNs > MAX_STEP_NS || tNs < this.#lastNs) this.reset();
    this.#lastNs = tNs;
    const detect = (): Promise<readonly Detection[]> => this.#finder.find(frame, signal);
    // What the detector sees makes no difference to those that are followed: both at a time.
    const [early] = await Promise.all([
      this.#isSearchDue(tNs) ? detect() : undefined,
      this.#follow(frame, signal),
    ]);
    const isLate = early === undefined && this.#isSearchDue(tNs);
    const detections = isLate ? await detect() : early;
    const hidden = detections === undefined ? [] : await this.#search(frame, detections, signal);
    const withMesh = this.#followed.map((followed): FoundFace => ({
      box: followed.box,
      confidence: followed.confidence,
      detection: undefined,
      reading: followed.reading,
      followed,
    }));
    return [...withMesh, ...hidden];
  }

  /** Forgets all faces. */
  reset(): void {
    this.#followed = [];
    this.#lost = [];
    this.#lastNs = -Infinity;
    this.#detectedNs = -Infinity;
    this.#lookAgainNs = -Infinity;
  }

  #isSearchDue(tNs: number): boolean {
    if (this.#followed.length === 0 || tNs >= this.#lookAgainNs) return true;
    const { maxFaces, detectEveryNs } = this.#options;
    const isFull = this.#followed.length >= maxFaces;
    return tNs - this.#detectedNs >= detectEveryNs * (isFull ? FULL_FACTOR : 1);
  }

  async #follow(frame: Frame, signal: AbortSignal): Promise<void> {
    const before = this.#followed;
    if (before.length === 0) return;
    const region = this.#finder.regionIn(frame);
    const rois = before.map(({ reading }) => regionOfMesh(reading.mesh.points));
    const readings = await this.#mesh.locate(frame, rois, signal);
    const moved: { readonly face: FollowedFace; readonly leap: number }[] = [];
    for (const [i, face] of before.entries()) {
      const reading = readings[i];
      if (reading === undefined) {
        this.#lose(face, frame.tSrcNs);
        continue;
      }
      const was = face.box;
      face.reading = reading;
      face.box = applyFit(face.fit, boundsOfMesh(reading.mesh.points));
      // A face that walks out of the region of interest is not lost.
      if (hasMiddleIn(region, face.box)) moved.push({ face, leap: 1 - iou(was, face.box) });
    }
    // Of two that have come onto one face, the one that leapt there is wrong.
    moved.sort((a, b) => a.leap - b.leap);
    const kept: FollowedFace[] = [];
    for (const { face } of moved) {
      if (kept.every((other) => iou(other.box, face.box) < SAME_FACE_IOU)) kept.push(face);
      else this.#lose(face, frame.tSrcNs);
    }
    this.#followed = before.filter((face) => kept.includes(face));
  }

  #lose({ box }: FollowedFace, tNs: number): void {
    this.#lost.push({ box, seenNs: tNs });
    this.#lookAgainNs = tNs;
  }

  /** Takes what the detector sees in the whole frame; gives that in which the mesh model sees no face. */
  async #search(
    frame: Frame,
    detections: readonly Detection[],
    signal: AbortSignal,
  ): Promise<readonly FoundFace[]> {
    const tNs = frame.tSrcNs;
    this.#detectedNs = tNs;
    const fresh: Detection[] = [];
    const seen = new Set<FollowedFace>();
    for (const detection of detections) {
      const same = this.#followed.find((face) => iou(face.box, detection.box) >= SAME_FACE_IOU);
      if (same === undefined) {
        fresh.push(detection);
        continue;
      }
      seen.add(same);
      same.confidence = detection.score;
    }
    for (const face of this.#followed) face.unseenCount = seen.has(face) ? 0 : face.unseenCount + 1;
    for (const face of this.#followed) {
      if (face.unseenCount >= MAX_UNSEEN) this.#lost.push({ box: face.box, seenNs: tNs });
    }
    this.#followed = this.#followed.filter(({ unseenCount }) => unseenCount < MAX_UNSEEN);
    const room = Math.max(0, this.#options.maxFaces - this.#followed.length);
    const hidden = await this.#adopt(frame, fresh.slice(0, room), signal);
    this.#lost = this.#lost.filter(({ seenNs }) => tNs - seenNs <= this.#options.keepLostNs);
    this.#lookAgainNs = this.#nextLook(hidden, tNs);
    return hidden;
  }

  async #adopt(
    frame: Frame,
    detections: readonly Detection[],
    signal: AbortSignal,
  ): Promise<readonly FoundFace[]> {
    const readings = await this.#mesh.locate(frame, detections.map(regionOfDetection), signal);
    const hidden: FoundFace[] = [];
    for (const [i, detection] of detections.entries()) {
      const reading = readings[i];
      const { box, score } = detection;
      if (reading === undefined) {
        hidden.push({ box, confidence: score, detection, reading, followed: undefined });
        continue;
      }
      const fit = fitBox(box, boundsOfMesh(reading.mesh.points));
      this.#followed.push({
        ...{ reading, box, fit, confidence: score },
        ...{ unseenCount: 0, trackId: undefined },
      });
      this.#lost = this.#lost.filter((lost) => iou(lost.box, box) < SAME_FACE_IOU);
    }
    return hidden;
  }

  /**
   * A face that was followed and now only the detector sees, as when it turns away, is looked at in
   * every frame; one that nobody sees, and a detection that shows no mesh, now and then.
   */
  #nextLook(hidden: readonly FoundFace[], tNs: number): number {
    let isStillSeen = false;
    for (const { box } of hidden) {
      const lost = this.#lost.find((face) => iou(face.box, box) >= SAME_FACE_IOU);
      if (lost === undefined) continue;
      lost.box = box;
      lost.seenNs = tNs;
      isStillSeen = true;
    }
    if (isStillSeen) return tNs;
    return this.#lost.length > 0 || hidden.length > 0 ? tNs + LOOK_AGAIN_NS : Infinity;
  }
}
