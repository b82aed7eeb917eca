import { FileSource, type Frame } from 'visualbase';

/** Options of {@link readFrames}. */
export interface ReadFramesOptions {
  /** Frames per second to take, on a time grid. Default: every frame. */
  readonly fps?: number;
  /** First second to read. Default 0. */
  readonly startSec?: number;
  /** Second to stop at. Default: the end. */
  readonly endSec?: number;
  /** Most frames to read. Default: all. */
  readonly count?: number;
  /** Shrinks, never enlarges, so that the longer side is at most this many pixels. */
  readonly maxSide?: number;
}

/**
 * Reads the frames of a video into memory, for tests on what is really there. Each has pixels of its own.
 *
 * @throws VisualError as `FileSource.open`; RangeError naming the option that is wrong.
 */
export async function readFrames(
  path: string,
  options: ReadFramesOptions = {},
): Promise<readonly Frame[]> {
  const { count = Infinity, ...source } = options;
  if (!(count > 0)) {
    throw new RangeError(`The \`count\` option must be a number from 1, got ${count}.`);
  }
  const frames: Frame[] = [];
  for await (const frame of await FileSource.open(path, source)) {
    frames.push(frame.clone());
    if (frames.length >= count) break;
  }
  return frames;
}
