import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RgbImage } from '../frame/image.ts';
import { requireImageFormat, writeImage } from '../image/write-image.ts';
import { probe } from '../probe/probe.ts';
import { readFrameAt, readFramesAt, type TimedImage } from '../still/read-frames.ts';
import { drawText, textSize } from './bitmap-font.ts';
import {
  resolveSheetOptions,
  sheetTimes,
  type ContactSheetOptions,
} from './contact-sheet-options.ts';
import { timeLabel } from './time-label.ts';

export type { ContactSheetOptions } from './contact-sheet-options.ts';

/** Pixels between stills, and around them. */
const GAP_PX = 4;
const BACKGROUND = 24;
/** The longest side that every format can have. */
const MAX_SIDE_PX = 16_383;
/** A label is about a third of its still wide. */
const PX_PER_DOT = 120;

/** One still of a {@link ContactSheet}. */
export interface ContactSheetTile {
  /** Media time of the picture. */
  readonly tSrcNs: number;
  /** Where it is on the sheet: left and upper edge. */
  readonly xPx: number;
  readonly yPx: number;
}

/** What {@link makeContactSheet} wrote. */
export interface ContactSheet {
  readonly path: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
  /** From left to right, row by row. */
  readonly tiles: readonly ContactSheetTile[];
}

/**
 * Puts evenly spaced stills of a video onto one picture, each with its time: an overview at a glance.
 * Only what the stills need is decoded.
 *
 * @throws TypeError or RangeError for wrong options, or a sheet of more than 16383 pixels a side;
 * VisualError as `readFramesAt` and `writeImage`; the signal's reason when aborted.
 */
export async function makeContactSheet(
  sourcePath: string,
  options: ContactSheetOptions,
): Promise<ContactSheet> {
  const { columns, spacing, tileWidthPx, hasTimes } = resolveSheetOptions(options);
  const { path, format, quality, signal } = options;
  requireImageFormat(path, format);
  signal?.throwIfAborted();
  const timesNs = sheetTimes(spacing, await lengthOf(sourcePath, signal));
  const stills = await readFramesAt(sourcePath, timesNs, {
    width: tileWidthPx,
    ...(signal && { signal }),
  });
  const sheet = layOut(stills, Math.min(columns, stills.length));
  if (hasTimes) stills.forEach(({ tSrcNs }, i) => drawTime(sheet, sheet.tiles[i]!, tSrcNs));
  const { image, tiles, tileHeightPx } = sheet;
  await writeImage(image, path, {
    ...(format !== undefined && { format }),
    ...(quality !== undefined && { quality }),
  });
  const { size: sizeBytes } = await stat(path);
  const { width, height } = image;
  return { path: resolve(path), sizeBytes, width, height, tileWidthPx, tileHeightPx, tiles };
}

/** How long a video is; where the container does not say, up to its last picture. */
async function lengthOf(sourcePath: string, signal: AbortSignal | undefined): Promise<number> {
  const { durationNs } = await probe(sourcePath);
  if (durationNs > 0) return durationNs;
  const last = await readFrameAt(sourcePath, Number.MAX_SAFE_INTEGER, {
    maxSide: 32,
    ...(signal && { signal }),
  });
  return last.tSrcNs + 1;
}

interface Sheet {
  readonly image: RgbImage;
  readonly tiles: readonly ContactSheetTile[];
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

function layOut(stills: readonly TimedImage[], columns: number): Sheet {
  const { width: tileWidthPx, height: tileHeightPx } = stills[0]!;
  const rows = Math.ceil(stills.length / columns);
  const width = GAP_PX + columns * (tileWidthPx + GAP_PX);
  const height = GAP_PX + rows * (tileHeightPx + GAP_PX);
  if (Math.max(width, height) > MAX_SIDE_PX) {
    throw new RangeError(
      `${stills.length} stills of ${tileWidthPx}x${tileHeightPx} in ${columns} columns are a sheet of ${width}x${height}; at most ${MAX_SIDE_PX} pixels a side. Choose fewer or smaller stills.`,
    );
  }
  const data = new Uint8Array(width * height * 3).fill(BACKGROUND);
  const tiles = stills.map(({ tSrcNs, data: pixels }, i) => {
    const xPx = GAP_PX + (i % columns) * (tileWidthPx + GAP_PX);
    const yPx = GAP_PX + Math.floor(i / columns) * (tileHeightPx + GAP_PX);
    const rowBytes = tileWidthPx * 3;
    for (let y = 0; y < tileHeightPx; y++) {
      const row = pixels.subarray(y * rowBytes, (y + 1) * rowBytes);
      data.set(row, ((yPx + y) * width + xPx) * 3);
    }
    return { tSrcNs, xPx, yPx };
  });
  const image: RgbImage = { format: 'rgb24', width, height, strideBytes: width * 3, data };
  return { image, tiles, tileWidthPx, tileHeightPx };
}

/** Into the lower left corner of the still. */
function drawTime(sheet: Sheet, { xPx, yPx }: ContactSheetTile, tSrcNs: number): void {
  const { image, tileWidthPx, tileHeightPx } = sheet;
  const dotPx = Math.max(1, Math.round(tileWidthPx / PX_PER_DOT));
  const label = timeLabel(tSrcNs);
  const { heightPx } = textSize(label, dotPx);
  drawText(image, label, { xPx, yPx: yPx + tileHeightPx - heightPx, dotPx });
}
