import type { EngineOptions, NormBox, PixelBox } from 'vpx-sdk';
import type { FaceRange } from './search/face-detectors.ts';

/** Options of `FaceDetectionAnalyzer`. */
export interface FaceDetectionOptions {
  /** Model by distance: `full` (about 5 m) or `short` (about 2 m, a third of the cost). Default `full`. */
  readonly range?: FaceRange;
  /**
   * Also find 468 landmarks, head pose and eyes of each face. Faces are then followed by their
   * landmarks, and a detection in which the mesh model never saw a face is left out. Default false.
   */
  readonly mesh?: boolean;
  /**
   * With `mesh`: seconds after which the detector looks for new faces; four times as many while `maxFaces`
   * are followed. Default 0.5.
   */
  readonly detectEverySec?: number;
  /** Look only here; a face counts where its middle is. Fractions or pixels of the frame. Default: all. */
  readonly roi?: NormBox | PixelBox;
  /**
   * Also search overlapping tiles of the frame for faces down to this size, px. Without it, faces below
   * 0.07 of the longer side of the frame (or of `roi`) may be missed. One inference for each tile.
   */
  readonly minFacePx?: number;
  /** Seconds for which a face that is hidden keeps its id. Default 1. */
  readonly keepIdSec?: number;
  /** With `mesh`: where faces look, by a model that costs four times the mesh. Default false. */
  readonly gaze?: boolean;
  /** With `mesh`: sharpness, size and frontalness of each face. Default false. */
  readonly quality?: boolean;
  /** Most faces per frame; the largest are kept. Default 8. */
  readonly maxFaces?: number;
  /** Least confidence of a face, 0..1 exclusive. Default: the model's own, 0.6 (`full`) or 0.5 (`short`). */
  readonly minConfidence?: number;
  /** How the models run: execution providers, threads for one inference. Default: the engine's. */
  readonly engine?: EngineOptions;
}

type Undefaulted = 'roi' | 'minFacePx' | 'minConfidence' | 'engine';

/** The options, with a value for all that have a default. */
export type CompleteFaceOptions = Required<Omit<FaceDetectionOptions, Undefaulted>> & {
  readonly [Name in Undefaulted]: FaceDetectionOptions[Name] | undefined;
};

/** The options with their defaults. @throws RangeError naming the option that is wrong. */
export function completeOptions(options: FaceDetectionOptions): CompleteFaceOptions {
  const complete: CompleteFaceOptions = {
    range: options.range ?? 'full',
    mesh: options.mesh ?? false,
    detectEverySec: options.detectEverySec ?? 0.5,
    roi: options.roi,
    minFacePx: options.minFacePx,
    keepIdSec: options.keepIdSec ?? 1,
    gaze: options.gaze ?? false,
    quality: options.quality ?? false,
    maxFaces: options.maxFaces ?? 8,
    minConfidence: options.minConfidence,
    engine: options.engine,
  };
  const { range, mesh, roi, minFacePx, maxFaces, minConfidence } = complete;
  if (!['full', 'short'].includes(range)) {
    throw new RangeError(`The \`range\` option must be "full" or "short", got "${range}".`);
  }
  if (minConfidence !== undefined && !(minConfidence > 0 && minConfidence < 1)) {
    throw new RangeError(
      `The \`minConfidence\` option must lie between 0 and 1, got ${minConfidence}.`,
    );
  }
  if (!(Number.isSafeInteger(maxFaces) && maxFaces > 0)) {
    throw new RangeError(`The \`maxFaces\` option must be a whole number from 1, got ${maxFaces}.`);
  }
  for (const name of ['detectEverySec', 'keepIdSec'] as const) {
    if (complete[name] >= 0) continue;
    throw new RangeError(
      `The \`${name}\` option must be a number of seconds from 0, got ${complete[name]}.`,
    );
  }
  for (const name of ['gaze', 'quality'] as const) {
    if (!complete[name] || mesh) continue;
    throw new RangeError(`The \`${name}\` option needs \`mesh: true\`.`);
  }
  if (minFacePx !== undefined && !(minFacePx >= MIN_FACE_PX && Number.isFinite(minFacePx))) {
    throw new RangeError(
      `The \`minFacePx\` option must be a number of pixels from ${MIN_FACE_PX}, got ${minFacePx}.`,
    );
  }
  if (roi !== undefined) checkRoi(roi);
  return complete;
}

/** Fewer pixels than this show no face. */
const MIN_FACE_PX = 8;

function checkRoi(roi: NormBox | PixelBox): void {
  const { space, x1, y1, x2, y2 } = roi;
  const what = `got (${x1}, ${y1}) to (${x2}, ${y2}) in space "${space}"`;
  if (!['norm', 'px'].includes(space)) {
    throw new RangeError(`The \`roi\` option must be in space "norm" or "px", ${what}.`);
  }
  if (![x1, y1, x2, y2].every(Number.isFinite) || !(x1 < x2 && y1 < y2)) {
    throw new RangeError(`The \`roi\` option must be a box with x1 < x2 and y1 < y2, ${what}.`);
  }
  const most = space === 'norm' ? 1 : Infinity;
  if ([x1, y1, x2, y2].some((value) => value < 0 || value > most)) {
    throw new RangeError(
      `The \`roi\` option must lie within the frame (0 to 1 in space "norm", from 0 in "px"), ${what}.`,
    );
  }
}
