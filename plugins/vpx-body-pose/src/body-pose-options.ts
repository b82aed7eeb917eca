import type { EngineOptions } from 'vpx-sdk';
import type { LandmarkSize } from './model/landmark-size.ts';

/** The models that find poses. */
export type PoseModel = LandmarkSize | 'movenet';

/** Options of `BodyPoseAnalyzer`. */
export interface BodyPoseOptions {
  /**
   * A landmark model of MediaPipe, each slower and more exact than the one before, or `movenet`:
   * 17 keypoints of the main person only, without depth. Its package `@vladmandic/human` must be
   * installed. Default `lite`.
   */
  readonly model?: PoseModel;
  /** Most people per frame. Default 4. */
  readonly maxPeople?: number;
  /** Seconds after which the detector looks for new people; it also looks when one was lost. Default 0.5. */
  readonly detectEverySec?: number;
  /**
   * Least confidence of a detection, 0..1 exclusive. Below 0.8 it must hold in a closer look or come twice in a row.
   * Default 0.4.
   */
  readonly minConfidence?: number;
  /**
   * Also search overlapping tiles of the frame, every `detectEverySec`, for people down to this height
   * (of what is seen of them), px. Without it, people below 0.28 of the longer side of the frame may
   * be missed, and those in a group. One inference for each tile.
   */
  readonly minPersonPx?: number;
  /** Smooths the landmarks over time, as MediaPipe does. Default true. */
  readonly smooth?: boolean;
  /** How the models run: execution providers, threads for one inference. Default: the engine's. */
  readonly engine?: EngineOptions;
}

/** The options, with a value for all that have a default. */
export type CheckedPoseOptions = Required<Omit<BodyPoseOptions, 'engine' | 'minPersonPx'>> &
  Pick<BodyPoseOptions, 'minPersonPx'>;

/** The options with their defaults. @throws RangeError naming the option that is wrong. */
export function checkedOptions(options: BodyPoseOptions): CheckedPoseOptions {
  const { model = 'lite', maxPeople = 4, detectEverySec = 0.5, smooth = true } = options;
  const { minConfidence = 0.4, minPersonPx } = options;
  const refuse = (name: string, what: string, got: unknown): never => {
    throw new RangeError(`The \`${name}\` option must be ${what}, got ${String(got)}.`);
  };
  if (!MODELS.includes(model)) refuse('model', `one of ${MODELS.join(', ')}`, model);
  if (!(Number.isSafeInteger(maxPeople) && maxPeople > 0)) {
    refuse('maxPeople', 'a whole number from 1', maxPeople);
  }
  if (!(detectEverySec >= 0))
    refuse('detectEverySec', 'a number of seconds from 0', detectEverySec);
  if (!(minConfidence > 0 && minConfidence < 1)) {
    refuse('minConfidence', 'between 0 and 1', minConfidence);
  }
  if (
    minPersonPx !== undefined &&
    !(minPersonPx >= MIN_PERSON_PX && Number.isFinite(minPersonPx))
  ) {
    refuse('minPersonPx', `a number of pixels from ${MIN_PERSON_PX}`, minPersonPx);
  }
  return {
    ...{ model, maxPeople, detectEverySec, minConfidence, smooth },
    ...(minPersonPx !== undefined && { minPersonPx }),
  };
}

/** Fewer pixels than this show nobody. */
const MIN_PERSON_PX = 16;

const MODELS: readonly PoseModel[] = ['lite', 'full', 'heavy', 'movenet'];
