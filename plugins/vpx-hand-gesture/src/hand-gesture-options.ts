import type { EngineOptions } from 'vpx-sdk';
import type { HandModelSize } from './hand/hand-landmark-model.ts';

/** Options of `HandGestureAnalyzer`. */
export interface HandGestureOptions {
  /** Most hands per frame. Default 2. */
  readonly maxHands?: number;
  /** Landmark model: `full`, or `lite` at a third of its cost. Default `full`. */
  readonly model?: HandModelSize;
  /** Seconds after which the detector looks although `maxHands` are followed. Default 0.5. */
  readonly detectEverySec?: number;
  /** Least confidence of a new hand, 0..1 exclusive; a followed one stays at 0.6 of it. Default 0.5. */
  readonly minConfidence?: number;
  /**
   * Follow hands by MediaPipe's own rules, for results like those of its Python package: fewer hands,
   * above all of those that move fast or touch. `detectEverySec` has no effect then. Default false.
   */
  readonly likeMediaPipe?: boolean;
  /** Smooth the landmarks over time. Default true. */
  readonly smooth?: boolean;
  /** The picture is a mirror image, as selfie cameras show it. Default false. */
  readonly isMirrored?: boolean;
  /** Least score with which a gesture begins, 0..1 exclusive; it ends at 0.6 of it. Default 0.5. */
  readonly minGestureScore?: number;
  /** Seconds of media time that a gesture must hold before it counts. Default 0.15. */
  readonly gestureHoldSec?: number;
  /** How the models run: execution providers, threads for one inference. Default: the engine's. */
  readonly engine?: EngineOptions;
}

type Defaulted = Required<Omit<HandGestureOptions, 'engine'>>;

/** The options with their defaults. @throws RangeError naming the option that is wrong. */
export function completeOptions(options: HandGestureOptions): Defaulted {
  const complete: Defaulted = {
    maxHands: options.maxHands ?? 2,
    model: options.model ?? 'full',
    detectEverySec: options.detectEverySec ?? 0.5,
    minConfidence: options.minConfidence ?? 0.5,
    likeMediaPipe: options.likeMediaPipe ?? false,
    smooth: options.smooth ?? true,
    isMirrored: options.isMirrored ?? false,
    minGestureScore: options.minGestureScore ?? 0.5,
    gestureHoldSec: options.gestureHoldSec ?? 0.15,
  };
  const { maxHands, model } = complete;
  if (!(Number.isSafeInteger(maxHands) && maxHands > 0)) {
    throw new RangeError(`The \`maxHands\` option must be a whole number from 1, got ${maxHands}.`);
  }
  if (!['full', 'lite'].includes(model)) {
    throw new RangeError(`The \`model\` option must be "full" or "lite", got "${model}".`);
  }
  for (const name of ['minConfidence', 'minGestureScore'] as const) {
    if (complete[name] > 0 && complete[name] < 1) continue;
    throw new RangeError(`The \`${name}\` option must lie between 0 and 1, got ${complete[name]}.`);
  }
  for (const name of ['detectEverySec', 'gestureHoldSec'] as const) {
    if (complete[name] >= 0) continue;
    throw new RangeError(
      `The \`${name}\` option must be a number of seconds from 0, got ${complete[name]}.`,
    );
  }
  return complete;
}
