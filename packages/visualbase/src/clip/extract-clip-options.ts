import { extname } from 'node:path';
import { Trigger } from '../trigger/trigger.ts';
import type { ClipContainer, ClipMethod } from './clip-job.ts';

/** A span of media time, counted from the start of the video stream. */
export interface ClipRange {
  /** Whole nanoseconds; what lies before the file is left out. */
  readonly startNs: number;
  /** Exclusive; what lies behind the file is left out. */
  readonly endNs: number;
}

/** Where a clip goes: into a folder under a free name, or to one exact path. */
export type ClipTarget =
  | {
      /** Created when it is missing. */
      readonly outputDir: string;
      /** Any text; made safe for file names. Default: the trigger's label, else `clip`. */
      readonly name?: string;
      /** Default `mp4`. */
      readonly container?: ClipContainer;
      readonly path?: never;
    }
  | {
      /** Ends in `.mp4` or `.mkv`. An existing file is replaced, once the clip is complete. */
      readonly path: string;
      readonly outputDir?: never;
      readonly name?: never;
      readonly container?: never;
    };

const CLIP_METHODS = ['auto', 'copy', 'smart', 'encode'] as const;
const CONTAINERS: readonly ClipContainer[] = ['mp4', 'mkv'];

/** Speed of the H.264 encoder, fastest first; slower ones make smaller files. */
export const CLIP_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
] as const;

/** One of the presets. */
export type ClipPreset = (typeof CLIP_PRESETS)[number];

/** Options of `extractClip`. */
export type ExtractClipOptions = ClipTarget & ClipSettings;

/** How a clip is made, wherever it goes. */
export interface ClipSettings {
  /**
   * Default `auto`: the fastest of these that keeps to the range exactly and gives 8-bit 4:2:0 H.264.
   *
   * - `copy` takes packets over as they are, whatever the codec. In MP4 it keeps to the range, since
   *   pictures that others need are stored but hidden; players that ignore edit lists show them. In
   *   Matroska it begins at the key frame before, and ends with the pictures that others need.
   * - `smart` encodes the pictures up to the first key frame in the range and takes the rest over; only
   *   for 8-bit 4:2:0 H.264 with closed groups, else it is `encode`.
   * - `encode` decodes and encodes all pictures.
   */
  readonly method?: ClipMethod | 'auto';
  /** Quality of what is encoded: 0 lossless to 51 worst. Default 20, which looks like the source. */
  readonly crf?: number;
  /** Default `veryfast`. */
  readonly preset?: ClipPreset;
  /** Whether sound is kept. Default true. */
  readonly audio?: boolean;
  /** Stops the work; nothing is left behind, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** {@link ExtractClipOptions} with every default filled in. */
export interface ResolvedClipOptions {
  readonly range: ClipRange;
  readonly target:
    { readonly outputDir: string; readonly name: string } | { readonly path: string };
  readonly container: ClipContainer;
  readonly method: ClipMethod | 'auto';
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
  const { method = 'auto', crf = 20, preset = 'veryfast', audio = true, signal } = options;
  if (!CLIP_METHODS.includes(method)) {
    throw new RangeError(
      `The method option must be one of ${CLIP_METHODS.join(', ')}, got ${JSON.stringify(method)}.`,
    );
  }
  if (!(Number.isInteger(crf) && crf >= 0 && crf <= 51)) {
    throw new RangeError(`The crf option must be a whole number from 0 to 51, got ${String(crf)}.`);
  }
  if (!CLIP_PRESETS.includes(preset)) {
    throw new RangeError(
      `The preset option must be one of ${CLIP_PRESETS.join(', ')}, got ${JSON.stringify(preset)}.`,
    );
  }
  const target = resolveTarget(options, what instanceof Trigger ? what.label : 'clip');
  const container = resolveContainer(options);
  return { range, target, container, method, crf, preset, isAudioWanted: audio, signal };
}

function resolveTarget(options: ClipTarget, defaultName: string): ResolvedClipOptions['target'] {
  const { path, outputDir, name = defaultName } = options;
  if ((path === undefined) === (outputDir === undefined)) {
    throw new TypeError('Give either the outputDir option or the path option.');
  }
  return path === undefined ? { outputDir, name } : { path };
}

function resolveContainer({ path, container = 'mp4' }: ClipTarget): ClipContainer {
  if (path === undefined) {
    if (CONTAINERS.includes(container)) return container;
    throw new RangeError(
      `The container option must be one of ${CONTAINERS.join(', ')}, got ${JSON.stringify(container)}.`,
    );
  }
  const ending = extname(path).slice(1).toLowerCase();
  const found = CONTAINERS.find((known) => known === ending);
  if (found !== undefined) return found;
  throw new RangeError(`The path option must end in .mp4 or .mkv, got ${JSON.stringify(path)}.`);
}

function requireTime(name: string, tNs: number): void {
  if (Number.isSafeInteger(tNs)) return;
  throw new RangeError(`${name} must be whole nanoseconds, got ${String(tNs)}.`);
}
