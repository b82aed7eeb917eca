import type { IsolationLimits } from '../isolate/isolation-limits.ts';

/** Options of {@link FileSource.open}. */
export interface FileSourceOptions {
  /** Pictures per second to sample, on an exact time grid from the first one. Default: every picture. */
  readonly fps?: number;
  /** Width of the frames in pixels. With `height`: exactly that size; alone, the aspect is kept. */
  readonly width?: number;
  /** Height of the frames in pixels. */
  readonly height?: number;
  /** Shrinks, never enlarges, so that the longer side is at most this many pixels. Not with `width` or `height`. */
  readonly maxSide?: number;
  /** Seconds from the start of the stream; earlier frames are left out. Default 0. */
  readonly startSec?: number;
  /** Seconds from the start of the stream; frames from here on are left out. Default: to the end. */
  readonly endSec?: number;
  /**
   * Frames that may be decoded ahead or retained at a time. Default: about 48 MiB worth, between 4
   * and 16.
   */
  readonly slotCount?: number;
  /**
   * Runs FFmpeg in a child process, within limits, so that a file which makes it crash, hang or grow
   * ends in an error. The frames are the same, bit for bit; opening takes about a tenth of a second
   * longer. Default false: in a thread of this process.
   */
  readonly isolate?: boolean | IsolationLimits;
  /** Closes the source; a pending read rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;
const isSide = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Throws a RangeError or TypeError naming the option that is wrong, its value, and what it takes. */
export function validateFileSourceOptions(options: FileSourceOptions): void {
  const demand = (name: keyof FileSourceOptions, isGood: boolean, what: string): void => {
    if (options[name] !== undefined && !isGood) {
      throw new RangeError(
        `The \`${name}\` option must be ${what}, got ${JSON.stringify(options[name])}.`,
      );
    }
  };
  demand('fps', isPositive(options.fps ?? 1), 'a number above 0');
  demand('width', isSide(options.width ?? 1), 'a whole number of pixels of at least 1');
  demand('height', isSide(options.height ?? 1), 'a whole number of pixels of at least 1');
  demand('maxSide', isSide(options.maxSide ?? 1), 'a whole number of pixels of at least 1');
  demand(
    'slotCount',
    (options.slotCount ?? 2) >= 2 && isSide(options.slotCount ?? 2),
    'a whole number of at least 2',
  );
  const startSec = options.startSec ?? 0;
  demand(
    'startSec',
    Number.isFinite(startSec) && startSec >= 0,
    'a number of seconds of at least 0',
  );
  demand('endSec', (options.endSec ?? Infinity) > startSec, `more than startSec (${startSec})`);
  if (options.maxSide !== undefined && (options.width ?? options.height) !== undefined) {
    throw new TypeError('Give either `maxSide` or `width` / `height`, not both.');
  }
}
