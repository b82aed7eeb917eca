import type { EngineOptions } from 'vpx-sdk';

/** Options of `ExpressionAnalyzer`. */
export interface ExpressionOptions {
  /**
   * Whether the emotion model looks at the faces: about six milliseconds a face on one core. Without it there is
   * what the mesh shows. Default true.
   */
  readonly emotions?: boolean;
  /** Time constant of the smoothing, seconds of the video; 0 for none. Default 0.3. */
  readonly smoothingSec?: number;
  /** How the models run: execution providers, threads for one inference. Default: the engine's. */
  readonly engine?: EngineOptions;
}

/** The options with their defaults. @throws RangeError or TypeError naming the option that is wrong. */
export function checkedOptions(
  options: ExpressionOptions,
): Required<Omit<ExpressionOptions, 'engine'>> {
  const { emotions = true, smoothingSec = 0.3 } = options;
  if (typeof emotions !== 'boolean') {
    throw new TypeError(`The \`emotions\` option must be true or false, got ${String(emotions)}.`);
  }
  if (!(smoothingSec >= 0 && smoothingSec < Infinity)) {
    throw new RangeError(
      `The \`smoothingSec\` option must be a number of seconds from 0, got ${smoothingSec}.`,
    );
  }
  return { emotions, smoothingSec };
}
