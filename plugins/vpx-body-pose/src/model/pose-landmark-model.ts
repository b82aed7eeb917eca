import {
  RegionModel,
  roiToPixels,
  sigmoid,
  type CataloguePoseLandmarks,
  type Frame,
  type InferenceEngine,
  type Point,
  type PoseLandmarks,
  type RotatedRoi,
} from 'vpx-sdk';
import { LANDMARK_MODELS, type LandmarkSize } from './landmark-size.ts';
import { refineByHeatmap, type Heatmap } from './refine-by-heatmap.ts';

/** Numbers that the model gives for each point. */
const ROW = 5;

/** The landmarks of one person, and where to look for them in the next frame. */
export interface LocatedBody {
  readonly landmarks: PoseLandmarks;
  /** How sure the model is that there is a body in the region at all, 0..1. */
  readonly presence: number;
  /** The circle around the body, px: its centre and a point on its rim. */
  readonly centre: Point;
  readonly rim: Point;
}

/** MediaPipe's pose landmarks: 33 points of one body in a region. */
export class PoseLandmarkModel {
  readonly #model: CataloguePoseLandmarks;
  readonly #regions: RegionModel;

  private constructor(model: CataloguePoseLandmarks, regions: RegionModel) {
    this.#model = model;
    this.#regions = regions;
  }

  /** Loads a model into an engine, without its mask, which costs more than all the rest. */
  static async load(engine: InferenceEngine, size: LandmarkSize): Promise<PoseLandmarkModel> {
    const model = LANDMARK_MODELS[size];
    const keepOutputs = Object.values<string>({ ...model.outputs });
    return new PoseLandmarkModel(model, await RegionModel.load(engine, model, keepOutputs));
  }

  /** The body in each region, whatever its presence. */
  async locate(
    frame: Frame,
    rois: readonly RotatedRoi[],
    signal: AbortSignal,
  ): Promise<readonly LocatedBody[]> {
    const { outputs, pointCount, heatmapPx } = this.#model;
    const results = await this.#regions.run(frame, rois, signal);
    return results.map((result, i) => {
      const logits = result[outputs.heatmap]!.data;
      const heatmap: Heatmap = { logits, sizePx: heatmapPx, pointCount };
      const rows = result[outputs.landmarks]!.data;
      const world = result[outputs.world]!.data;
      const presence = result[outputs.presence]!.data[0]!;
      return { presence, ...this.#toPixels(rows, heatmap, world, rois[i]!) };
    });
  }

  #toPixels(
    rows: Float32Array,
    heatmap: Heatmap,
    world: Float32Array,
    roi: RotatedRoi,
  ): Omit<LocatedBody, 'presence'> {
    const { input, landmarkCount } = this.#model;
    const size = input.sizePx;
    const pointAt = (point: number): Point => {
      const at = point * ROW;
      const [x, y] = refineByHeatmap(heatmap, point, rows[at]! / size, rows[at + 1]! / size);
      return roiToPixels(roi, 1, x, y);
    };
    const points = new Float32Array(landmarkCount * 3);
    const visibility = new Float32Array(landmarkCount);
    const presence = new Float32Array(landmarkCount);
    for (let k = 0; k < landmarkCount; k++) {
      const { x, y } = pointAt(k);
      points[k * 3] = x;
      points[k * 3 + 1] = y;
      points[k * 3 + 2] = (rows[k * ROW + 2]! * roi.width) / size;
      visibility[k] = sigmoid(rows[k * ROW + 3]!);
      presence[k] = sigmoid(rows[k * ROW + 4]!);
    }
    const worldM = turnedBack(world.subarray(0, landmarkCount * 3), roi.rotationRad);
    return {
      landmarks: { space: 'px', points, visibility, presence, worldM },
      centre: pointAt(landmarkCount),
      rim: pointAt(landmarkCount + 1),
    };
  }
}

/** The world points as the picture stands: the model sees the region, which may be turned. */
function turnedBack(world: Float32Array, rotationRad: number): Float32Array {
  const cos = Math.cos(rotationRad);
  const sin = Math.sin(rotationRad);
  const out = Float32Array.from(world);
  for (let i = 0; i < out.length; i += 3) {
    out[i] = world[i]! * cos - world[i + 1]! * sin;
    out[i + 1] = world[i]! * sin + world[i + 1]! * cos;
  }
  return out;
}
