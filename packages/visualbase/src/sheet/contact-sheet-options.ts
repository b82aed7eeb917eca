import type { ImageFormat } from '../image/encode-image.ts';

/** Options of `makeContactSheet`. */
export interface ContactSheetOptions {
  /** Ends in `.jpg`, `.jpeg`, `.png` or `.webp`, or give the format. An existing file is replaced. */
  readonly path: string;
  readonly format?: ImageFormat;
  /** 1 worst to 100 best, for JPEG and WebP. Default 85. */
  readonly quality?: number;
  /** Stills in a row. Default 4; fewer when there are fewer stills. */
  readonly columns?: number;
  /** Number of stills, from the middles of so many equal parts of the video. Default 16. Not with `everySec`. */
  readonly count?: number;
  /** One still every so many seconds, from the first picture on. */
  readonly everySec?: number;
  /** Default 320. The height follows. */
  readonly tileWidthPx?: number;
  /** Whether each still shows its time. Default true. */
  readonly timestamps?: boolean;
  /** Stops the work; the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** {@link ContactSheetOptions} with every default filled in. */
export interface ResolvedSheetOptions {
  readonly columns: number;
  readonly spacing: { readonly count: number } | { readonly everySec: number };
  readonly tileWidthPx: number;
  readonly hasTimes: boolean;
}

const MAX_TILES = 1000;
const SMALLEST_TILE_PX = 32;
const LARGEST_TILE_PX = 4096;

/** Checks and completes options. @throws TypeError or RangeError naming the option and its value. */
export function resolveSheetOptions(options: ContactSheetOptions): ResolvedSheetOptions {
  const { columns = 4, count, everySec, tileWidthPx = 320, timestamps = true } = options;
  requireWhole('columns', columns, 1, MAX_TILES);
  requireWhole('tileWidthPx', tileWidthPx, SMALLEST_TILE_PX, LARGEST_TILE_PX);
  if (count !== undefined && everySec !== undefined) {
    throw new TypeError('Give either the count option or the everySec option.');
  }
  if (everySec !== undefined && !(Number.isFinite(everySec) && everySec > 0)) {
    throw new RangeError(
      `The everySec option must be a number of seconds above 0, got ${String(everySec)}.`,
    );
  }
  requireWhole('count', count ?? 1, 1, MAX_TILES);
  const spacing = everySec === undefined ? { count: count ?? 16 } : { everySec };
  return { columns, spacing, tileWidthPx, hasTimes: timestamps };
}

/** The times of the stills. @throws RangeError when these are too many. */
export function sheetTimes(spacing: ResolvedSheetOptions['spacing'], durationNs: number): number[] {
  if ('count' in spacing) {
    const partNs = durationNs / spacing.count;
    return Array.from({ length: spacing.count }, (_, i) => Math.round((i + 0.5) * partNs));
  }
  const stepNs = spacing.everySec * 1e9;
  const count = Math.max(1, Math.ceil(durationNs / stepNs));
  if (count > MAX_TILES) {
    throw new RangeError(
      `One still every ${spacing.everySec} s would be ${count}; at most ${MAX_TILES} go on a sheet.`,
    );
  }
  return Array.from({ length: count }, (_, i) => Math.round(i * stepNs));
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `The ${name} option must be a whole number from ${least} to ${most}, got ${String(value)}.`,
  );
}
