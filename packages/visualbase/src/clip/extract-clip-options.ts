import { Trigger } from '../trigger/trigger.ts';

/** A span of media time, counted from the start of the video stream. */
export interface ClipRange {
  /** Whole nanoseconds; what lies before the file is left out. */
  readonly startNs: number;
  /** Exclusive; what lies behind the file is left out. */
  readonly endNs: number;
}

/** Where a clip goes: into a folder under a free name, or to one exact path. */
type ClipTarget =
  | {
      /** Created when it is missing. */
      readonly outputDir: string;
      /** Any text; made safe for file names. Default: the trigger's label, else `clip`. */
      readonly name?: string;
      readonly path?: never;
    }
  | {
      /** Ends in `.mp4`. An existing file is replaced, once the clip is complete. */
      readonly path: string;
      readonly outputDir?: never;
      readonly name?: never;
    };

/** Speed of the H.264 encoder, fastest first; slower ones make smaller files. */
const CLIP_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
] as const;

/** One of the presets. */
type ClipPreset = (typeof CLIP_PRESETS)[number];

/** Options of `extractClip`. */
export type ExtractClipOptions = ClipTarget & {
  /** Quality: 0 lossless to 51 worst. Default 20, which looks like the source. */
  readonly crf?: number;
  /** Default `veryfast`. */
  readonly preset?: ClipPreset;
  /** Whether sound is kept. Default true. */
  readonly audio?: boolean;
  /** Stops the work; nothing is left behind, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
};

/** {@link ExtractClipOptions} with every default filled in. */
export interface ResolvedClipOptions {
  readonly range: ClipRange;
  readonly target:
    { readonly outputDir: string; readonly name: string } | { readonly path: string };
  readonly crf: number;
  readonly preset: ClipPreset;
  readonly isAudioWanted: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Checks and completes options. @throws TypeError or RangeError naming the option and its value. */
export function resolveClipOptions(
  what: ClipRange | Trigger,
  options: ExtractClipOptions,
): ResolvedClipOptions {
  const range =
    what instanceof Trigger ? { startNs: what.clipStartNs, endNs: what.clipEndNs } : what;
  requireTime('startNs', range.startNs);
  requireTime('endNs', range.endNs);
  if (range.endNs <= range.startNs) {
    throw new RangeError(
      `A clip must end after its start, got startNs ${range.startNs} and endNs ${range.endNs}.`,
    );
  }
  const { crf = 20, preset = 'veryfast', audio = true, signal } = options;
  if (!(Number.isInteger(crf) && crf >= 0 && crf <= 51)) {
    throw new RangeError(`The crf option must be a whole number from 0 to 51, got ${String(crf)}.`);
  }
  if (!CLIP_PRESETS.includes(preset)) {
    throw new RangeError(
      `The preset option must be one of ${CLIP_PRESETS.join(', ')}, got ${JSON.stringify(preset)}.`,
    );
  }
  const target = resolveTarget(options, what instanceof Trigger ? what.label : 'clip');
  return { range, target, crf, preset, isAudioWanted: audio, signal };
}

function resolveTarget(options: ClipTarget, defaultName: string): ResolvedClipOptions['target'] {
  const { path, outputDir, name = defaultName } = options;
  if ((path === undefined) === (outputDir === undefined)) {
    throw new TypeError('Give either the outputDir option or the path option.');
  }
  if (path === undefined) return { outputDir, name };
  if (!path.toLowerCase().endsWith('.mp4')) {
    throw new RangeError(`The path option must end in .mp4, got ${JSON.stringify(path)}.`);
  }
  return { path };
}

function requireTime(name: string, tNs: number): void {
  if (Number.isSafeInteger(tNs)) return;
  throw new RangeError(`${name} must be whole nanoseconds, got ${String(tNs)}.`);
}
