/** Options of {@link scanVideo}. */
export interface ScanOptions {
  /** Folder for clips, stills and `highlights.json`. */
  readonly outputPath: string;
  /** Frames per second to look at. Default 10. */
  readonly fps?: number;
  /** Frames are shrunk for looking at so that their longer side is at most this. Default 640. */
  readonly maxSidePx?: number;
  /** Seconds after a moment in which no other begins. Default 2. */
  readonly cooldownSec?: number;
  /** Seconds of the clip before and after a moment. Default 1.5 and 2.5. */
  readonly preSec?: number;
  readonly postSec?: number;
  /** Keep only this many moments, the best ones. Default: all. */
  readonly maxClips?: number;
  /** Aborting ends the scan; finished clips stay, and `highlights.json` says `interrupted`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** How far a scan is. */
export interface ScanProgress {
  readonly scannedSec: number;
  /** 0 if the video does not say how long it is. */
  readonly durationSec: number;
  readonly momentCount: number;
  /** Seconds of video scanned per second. */
  readonly timesRealTime: number;
}

/** {@link ScanOptions} with every default filled in. */
export type ScanSettings = Required<
  Pick<ScanOptions, 'fps' | 'maxSidePx' | 'cooldownSec' | 'preSec' | 'postSec'>
> & { readonly maxClips: number | null };

/** Fills in defaults. @throws RangeError naming the option that is wrong. */
export function scanSettings(options: ScanOptions): ScanSettings {
  const settings = {
    fps: options.fps ?? 10,
    maxSidePx: options.maxSidePx ?? 640,
    cooldownSec: options.cooldownSec ?? 2,
    preSec: options.preSec ?? 1.5,
    postSec: options.postSec ?? 2.5,
    maxClips: options.maxClips ?? null,
  };
  const demand = (name: keyof ScanSettings, isGood: boolean, what: string): void => {
    if (!isGood) {
      throw new RangeError(`The \`${name}\` option must be ${what}, got ${settings[name]}.`);
    }
  };
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
  demand('fps', Number.isFinite(settings.fps) && settings.fps > 0, 'a number above 0');
  demand('maxSidePx', isCount(settings.maxSidePx) && settings.maxSidePx >= 64, 'at least 64');
  for (const name of ['cooldownSec', 'preSec', 'postSec'] as const) {
    const isSeconds = Number.isFinite(settings[name]) && settings[name] >= 0;
    demand(name, isSeconds, 'a number of seconds from 0');
  }
  demand('postSec', settings.preSec + settings.postSec > 0, 'above 0 when preSec is 0');
  demand('maxClips', settings.maxClips === null || isCount(settings.maxClips), 'at least 1');
  return settings;
}
