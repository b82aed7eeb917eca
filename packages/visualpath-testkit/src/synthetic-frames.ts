import { Frame, NS_PER_SEC } from 'visualbase';

/** Options of {@link syntheticFrames}. */
export interface SyntheticFramesOptions {
  readonly count: number;
  /** Default 10. */
  readonly fps?: number;
  /** Default 16. */
  readonly width?: number;
  /** Default 12. */
  readonly height?: number;
  /** Called with the id of each frame whose last holder has released it. */
  readonly onRelease?: (frameId: number) => void;
}

/**
 * Frames that need no file: every pixel of frame `i` has the value `i % 256`. Like a real source it
 * takes each frame back when the next one is asked for, and stops when the reader leaves.
 */
export function* syntheticFrames(
  options: SyntheticFramesOptions,
): Generator<Frame, void, undefined> {
  const { count, fps = 10, width = 16, height = 12, onRelease } = options;
  for (let frameId = 0; frameId < count; frameId++) {
    const frame = Frame.fromRgb({
      frameId,
      tSrcNs: Math.round((frameId * NS_PER_SEC) / fps),
      width,
      height,
      data: new Uint8Array(width * height * 3).fill(frameId % 256),
      onRelease: () => onRelease?.(frameId),
    });
    try {
      yield frame;
    } finally {
      frame.release();
    }
  }
}

/** {@link syntheticFrames} from an asynchronous source. */
export async function* asyncFrames(
  options: SyntheticFramesOptions,
): AsyncGenerator<Frame, void, undefined> {
  yield* syntheticFrames(options);
}
