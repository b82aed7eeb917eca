import { Frame, ImageSequenceSource, NS_PER_SEC } from 'visualbase';
import { paintPixels, type FakePixels } from './paint-pixels.ts';

/** Options of `FakeFrame.make`. */
export interface FakeFrameInit {
  /** Pixels. Default 320. */
  readonly width?: number;
  /** Pixels. Default 240. */
  readonly height?: number;
  /** Index of the picture, from 0. Default 0. */
  readonly frameId?: number;
  /** Media time in whole nanoseconds. Default 0. */
  readonly tNs?: number;
  /** What the picture shows. Default: a gradient from black to white. */
  readonly pixels?: FakePixels;
  /** Called once, when the last holder has released the frame. */
  readonly onRelease?: () => void;
}

/** Options of `FakeFrame.sequence`. */
export interface FakeSequenceInit {
  /** Number of frames. */
  readonly count: number;
  /** Frames per second of media time. Default 10. */
  readonly fps?: number;
  /** Pixels. Default 320. */
  readonly width?: number;
  /** Pixels. Default 240. */
  readonly height?: number;
  /** Index of the first frame. Default 0. */
  readonly firstFrameId?: number;
  /** Media time of the first frame in whole nanoseconds. Default 0. */
  readonly startNs?: number;
  /**
   * What each picture shows: the same for all, or by index. Default: gradients, moving checkerboards,
   * noise and plain colours in turn, so that no two neighbours are alike.
   */
  readonly pixels?: FakePixels | ((index: number) => FakePixels);
  /** Called with the id of each frame whose last holder has released it. */
  readonly onRelease?: (frameId: number) => void;
}

/** Options of `FakeFrame.fromImage`. */
export interface FakeImageInit {
  /** Width in pixels; alone, the aspect is kept. Default: the picture's own. */
  readonly width?: number;
  /** Height in pixels. */
  readonly height?: number;
  readonly frameId?: number;
  /** Media time in whole nanoseconds. Default 0. */
  readonly tNs?: number;
}

/**
 * Makes frames without a video: real {@link Frame}s of visualbase, the same on every run and machine.
 *
 * The pixels are the frame's own, so that nobody takes them back; release a frame to see what a module
 * does with one that is gone.
 *
 * @example
 * ```ts
 * const white = FakeFrame.make({ pixels: { kind: 'solid', color: [255, 255, 255] } });
 * const second = FakeFrame.sequence({ count: 30, fps: 30, pixels: (seed) => ({ kind: 'noise', seed }) });
 * ```
 */
export const FakeFrame = {
  /**
   * Makes one frame.
   *
   * @throws RangeError naming the option that is wrong.
   */
  make(init: FakeFrameInit = {}): Frame {
    const { width = 320, height = 240, frameId = 0, tNs = 0, pixels, onRelease } = init;
    requireSize('width', width);
    requireSize('height', height);
    return Frame.fromRgb({
      ...{ frameId, tSrcNs: tNs, width, height },
      data: paintPixels(pixels ?? { kind: 'gradient' }, width, height),
      ...(onRelease && { onRelease }),
    });
  },

  /**
   * Makes frames that follow each other at a rate: frame `i` is at `startNs + i / fps` seconds.
   *
   * @throws RangeError naming the option that is wrong.
   */
  sequence(init: FakeSequenceInit): readonly Frame[] {
    const { count, fps = 10, firstFrameId = 0, startNs = 0, pixels = inTurn, onRelease } = init;
    const { width, height } = init;
    if (!(Number.isSafeInteger(count) && count >= 0)) {
      throw new RangeError(`The \`count\` option must be a whole number from 0, got ${count}.`);
    }
    if (!(Number.isFinite(fps) && fps > 0)) {
      throw new RangeError(`The \`fps\` option must be a number above 0, got ${fps}.`);
    }
    return Array.from({ length: count }, (_, index) =>
      FakeFrame.make({
        ...(width !== undefined && { width }),
        ...(height !== undefined && { height }),
        frameId: firstFrameId + index,
        tNs: startNs + Math.round((index * NS_PER_SEC) / fps),
        pixels: typeof pixels === 'function' ? pixels(index) : pixels,
        ...(onRelease && { onRelease: () => onRelease(firstFrameId + index) }),
      }),
    );
  },

  /**
   * Makes a frame of a picture file: JPEG, PNG, WebP, AVIF or TIFF, turned upright.
   *
   * @throws VisualError `VB_FILE_NOT_FOUND` or `VB_NOT_MEDIA`; RangeError naming the option that is wrong.
   */
  async fromImage(path: string, init: FakeImageInit = {}): Promise<Frame> {
    const { frameId = 0, tNs = 0, ...size } = init;
    const source = await ImageSequenceSource.open(path, size);
    try {
      for await (const { width, height, strideBytes, data } of source) {
        const own = { data: data.slice(), strideBytes };
        return Frame.fromRgb({ frameId, tSrcNs: tNs, width, height, ...own });
      }
    } finally {
      await source.close();
    }
    throw new RangeError(`${path} holds no picture.`);
  },
} as const;

function inTurn(index: number): FakePixels {
  const turn = Math.floor(index / 4);
  switch (index % 4) {
    case 0:
      return { kind: 'gradient', from: [(turn * 40) % 256, 20, 0], along: turn % 2 ? 'y' : 'x' };
    case 1:
      return { kind: 'checkerboard', squarePx: 24, shiftPx: turn * 5 };
    case 2:
      return { kind: 'noise', seed: index };
    default:
      return { kind: 'solid', color: [(60 + turn * 50) % 256, 120, (200 + turn * 30) % 256] };
  }
}

function requireSize(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(
    `The \`${option}\` option must be a whole number of pixels from 1, got ${value}.`,
  );
}
