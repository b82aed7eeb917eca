import { withBinding } from '../av/binding.ts';
import { runStillsThread } from '../clip/run-clip-thread.ts';
import type { RgbImage } from '../frame/image.ts';

/** A picture out of a video, with pixels of its own and the time at which it begins to be shown. */
export interface TimedImage extends RgbImage {
  /** Media time in nanoseconds, from the start of the video stream. */
  readonly tSrcNs: number;
}

/** Size of the pictures that are read, and what stops it. */
export interface ReadFramesOptions {
  /** Width in pixels. With `height`: exactly that size; alone, the aspect is kept. */
  readonly width?: number;
  /** Height in pixels. */
  readonly height?: number;
  /** Shrinks, never enlarges, so that the longer side is at most this many pixels. Not with `width` or `height`. */
  readonly maxSide?: number;
  /** Stops the work; the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Reads the picture that a video shows at a time: the last one whose time is not later, exactly, also
 * between key frames. Before the first picture that is the first, behind the end the last. Upright, RGB.
 *
 * @param tNs - Whole nanoseconds of media time, from 0.
 * @throws TypeError or RangeError for wrong options; VisualError as `probe`, `VB_TOO_LARGE`,
 * `VB_DECODE_FAILED`, `VB_THREAD_DIED`; the signal's reason when aborted.
 */
export async function readFrameAt(
  sourcePath: string,
  tNs: number,
  options: ReadFramesOptions = {},
): Promise<TimedImage> {
  const [image] = await readFramesAt(sourcePath, [tNs], options);
  return image!;
}

/**
 * Reads the pictures that a video shows at several times, as `readFrameAt`, in one go: the file is
 * opened once, and each stretch decoded once.
 *
 * @param timesNs - Whole nanoseconds of media time, from 0, in any order.
 * @returns One picture for each time, in the same order; none are shared.
 * @throws As `readFrameAt`.
 */
export async function readFramesAt(
  sourcePath: string,
  timesNs: readonly number[],
  options: ReadFramesOptions = {},
): Promise<readonly TimedImage[]> {
  const { width, height, maxSide, signal } = options;
  requireSides({ width, height, maxSide });
  for (const tNs of timesNs) {
    if (Number.isSafeInteger(tNs) && tNs >= 0) continue;
    throw new RangeError(`A time must be whole nanoseconds from 0, got ${String(tNs)}.`);
  }
  signal?.throwIfAborted();
  if (timesNs.length === 0) return [];
  // A native addon that only ever lived in threads cannot be loaded again after the first has ended.
  await withBinding(() => import('../av/open-input.ts'));
  const order = timesNs.map((_, i) => i).sort((a, b) => timesNs[a]! - timesNs[b]!);
  const sorted = order.map((i) => timesNs[i]!);
  const job = { sourcePath, timesNs: sorted, width, height, maxSide };
  const found = await runStillsThread(job, signal);
  const images: TimedImage[] = [];
  found.forEach(({ tSrcNs, width, height, data }, i) => {
    images[order[i]!] = { format: 'rgb24', tSrcNs, width, height, strideBytes: width * 3, data };
  });
  return images;
}

function requireSides(
  sides: Readonly<Record<'width' | 'height' | 'maxSide', number | undefined>>,
): void {
  for (const [name, px] of Object.entries(sides)) {
    if (px === undefined || (Number.isSafeInteger(px) && px > 0)) continue;
    throw new RangeError(
      `The ${name} option must be a whole number of pixels of at least 1, got ${String(px)}.`,
    );
  }
  if (sides.maxSide === undefined || (sides.width ?? sides.height) === undefined) return;
  throw new TypeError('Give either maxSide, or width and height, not both.');
}
