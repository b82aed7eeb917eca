import { outputSize } from '../decode/decode-job.ts';
import { SampleGrid } from '../decode/sample-grid.ts';
import { VisualError } from '../errors/visual-error.ts';
import { Frame } from '../frame/frame.ts';
import { readImage, sizeOfImage } from '../image/read-image.ts';
import { NS_PER_SEC } from '../time/ns.ts';
import { validateFileSourceOptions } from './file-source-options.ts';
import type { FrameSource } from './frame-source.ts';
import { listImageFiles } from './image-files.ts';
import { requireSaneSize } from './slot-size.ts';

/** Options of {@link ImageSequenceSource.open}. */
export interface ImageSequenceOptions {
  /** Pictures per second that the files stand for: picture `i` is at `i / rate` seconds. Default 25. */
  readonly rate?: number;
  /** Pictures per second to sample from these, on a time grid. Default: every picture. */
  readonly fps?: number;
  /** Width of the frames in pixels. With `height`: exactly that size; alone, the aspect is kept. */
  readonly width?: number;
  /** Height of the frames in pixels. */
  readonly height?: number;
  /** Shrinks, never enlarges, so that the longer side is at most this many pixels. */
  readonly maxSide?: number;
  /** Closes the source; a pending read rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How many pictures are read ahead. */
const READ_AHEAD = 3;

/**
 * Frames from picture files, in the order in which people count them. All frames have the size that the
 * first picture gives; others are scaled to it. A file that cannot be read is left out and counted.
 *
 * @example
 * ```ts
 * await using source = await ImageSequenceSource.open('shots/shot-%04d.png', { rate: 10 });
 * for await (const frame of source) console.log(frame.frameId, frame.tSrcNs);
 * ```
 */
export class ImageSequenceSource implements FrameSource {
  /** The files, in order. */
  readonly paths: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly #options: ImageSequenceOptions;
  readonly #rate: number;
  #unreadable: string[] = [];
  #isUsed = false;
  #isClosed = false;

  private constructor(
    paths: readonly string[],
    size: { readonly width: number; readonly height: number },
    options: ImageSequenceOptions,
  ) {
    this.paths = paths;
    this.width = size.width;
    this.height = size.height;
    this.#options = options;
    this.#rate = options.rate ?? 25;
  }

  /**
   * Finds the files and looks at the first.
   *
   * @param path - A folder, a pattern (`shot-%04d.png`, `*.jpg`), or one file.
   * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_NOT_MEDIA` or `VB_TOO_LARGE`; RangeError for a wrong option.
   */
  static async open(
    path: string,
    options: ImageSequenceOptions = {},
  ): Promise<ImageSequenceSource> {
    validateFileSourceOptions(options);
    const { rate = 25 } = options;
    if (!(Number.isFinite(rate) && rate > 0)) {
      throw new RangeError(`The \`rate\` option must be a number above 0, got ${String(rate)}.`);
    }
    options.signal?.throwIfAborted();
    const paths = await listImageFiles(path);
    const stored = await sizeOfImage(paths[0]!);
    const size = outputSize(stored, options);
    requireSaneSize(paths[0]!, stored, size);
    return new ImageSequenceSource(paths, size, options);
  }

  /** Files that could not be read so far. */
  get unreadablePaths(): readonly string[] {
    return this.#unreadable;
  }

  /** The frames, once. @throws VisualError `VB_CLOSED` the second time, `VB_DECODE_FAILED` when no file could be read. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    if (this.#isUsed || this.#isClosed) {
      throw new VisualError(
        'VB_CLOSED',
        `The pictures of ${this.paths[0]} have been read already or were asked for after close(). Open them again.`,
        { details: { path: this.paths[0] } },
      );
    }
    this.#isUsed = true;
    const wanted = this.#wantedIndices();
    const ahead = wanted.slice(0, READ_AHEAD).map((index) => this.#read(index));
    for (let i = 0; i < wanted.length; i++) {
      if (this.#hasClosed()) return;
      const data = await ahead.shift()!;
      const next = wanted[i + READ_AHEAD];
      if (next !== undefined) ahead.push(this.#read(next));
      this.#options.signal?.throwIfAborted();
      if (data === undefined) continue;
      const frame = this.#frame(wanted[i]!, data);
      try {
        yield frame;
      } finally {
        frame.release();
      }
    }
    if (this.#unreadable.length === wanted.length && wanted.length > 0) throw this.#noneRead();
  }

  /** Reads no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Asked anew: a reader may close while it holds a frame. */
  #hasClosed(): boolean {
    return this.#isClosed;
  }

  readonly #timeOf = (index: number): number => Math.round((index * NS_PER_SEC) / this.#rate);

  #wantedIndices(): readonly number[] {
    const { fps } = this.#options;
    const grid = fps === undefined ? undefined : new SampleGrid(fps);
    return this.paths
      .map((_, index) => index)
      .filter((index) => grid === undefined || grid.take(this.#timeOf(index)));
  }

  async #read(index: number): Promise<Uint8Array | undefined> {
    const path = this.paths[index]!;
    try {
      return await readImage(path, this);
    } catch {
      this.#unreadable.push(path);
      return undefined;
    }
  }

  #frame(index: number, data: Uint8Array): Frame {
    const { width, height } = this;
    return Frame.fromRgb({ frameId: index, tSrcNs: this.#timeOf(index), width, height, data });
  }

  #noneRead(): VisualError {
    const count = this.#unreadable.length;
    return new VisualError(
      'VB_DECODE_FAILED',
      `None of the ${count} pictures from ${this.paths[0]} on could be read. The files are damaged, or no pictures.`,
      { details: { path: this.paths[0], count } },
    );
  }
}
