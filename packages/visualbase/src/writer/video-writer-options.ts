import { extname } from 'node:path';
import type { ClipContainer } from '../clip/clip-job.ts';
import { CLIP_PRESETS, type ClipPreset } from '../clip/extract-clip-options.ts';

/** Options of `VideoWriter.open`. */
export interface VideoWriterOptions {
  /** Pixels of the pictures that will come, at least 2. Of an odd side the last pixel is left out. */
  readonly width: number;
  readonly height: number;
  /** Pictures a second, roughly: for rate control and the length of the last one. Default 30. */
  readonly fps?: number;
  /** Quality: 0 lossless to 51 worst. Default 20. */
  readonly crf?: number;
  /** Speed of the encoder, see `extractClip`. Default `veryfast`. */
  readonly preset?: ClipPreset;
  /** A video whose sound is taken: that of the media times of the pictures, as it is or as AAC. */
  readonly audioFrom?: string;
  /** Gives the file up, as `close()` does; pending calls reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** {@link VideoWriterOptions} with every default filled in. */
export interface ResolvedWriterOptions {
  readonly container: ClipContainer;
  readonly width: number;
  readonly height: number;
  readonly fps: number | undefined;
  readonly crf: number;
  readonly preset: ClipPreset;
  readonly audioFrom: string | undefined;
}

const MAX_SIDE = 16_384;
const MAX_FPS = 1000;

/** Checks and completes options. @throws RangeError naming the option and its value. */
export function resolveWriterOptions(
  path: string,
  options: VideoWriterOptions,
): ResolvedWriterOptions {
  const { width, height, fps, crf = 20, preset = 'veryfast', audioFrom } = options;
  const demand = (name: string, value: unknown, isGood: boolean, what: string): void => {
    if (isGood) return;
    const got = typeof value === 'string' ? JSON.stringify(value) : String(value);
    throw new RangeError(`The ${name} option must be ${what}, got ${got}.`);
  };
  const isSide = (px: number): boolean => Number.isInteger(px) && px >= 2 && px <= MAX_SIDE;
  demand('width', width, isSide(width), `a whole number from 2 to ${MAX_SIDE}`);
  demand('height', height, isSide(height), `a whole number from 2 to ${MAX_SIDE}`);
  const isRate = fps === undefined || (fps > 0 && fps <= MAX_FPS);
  demand('fps', fps, isRate, `a number above 0, up to ${MAX_FPS}`);
  const isQuality = Number.isInteger(crf) && crf >= 0 && crf <= 51;
  demand('crf', crf, isQuality, 'a whole number from 0 to 51');
  demand('preset', preset, CLIP_PRESETS.includes(preset), `one of ${CLIP_PRESETS.join(', ')}`);
  const ending = extname(path).toLowerCase();
  if (ending !== '.mp4' && ending !== '.mkv') {
    throw new RangeError(`The path must end in .mp4 or .mkv, got ${JSON.stringify(path)}.`);
  }
  const container = ending === '.mp4' ? 'mp4' : 'mkv';
  return { container, width, height, fps, crf, preset, audioFrom };
}
