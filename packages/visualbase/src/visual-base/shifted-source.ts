import { Frame } from '../frame/frame.ts';
import type { FrameSource } from '../source/frame-source.ts';

/** The frames of another source, later by a fixed time. */
export class ShiftedSource implements FrameSource {
  readonly #source: FrameSource;
  readonly #byNs: number;
  readonly #onClose: () => void;
  #closing: Promise<void> | undefined;

  /** @param onClose - Called once, after the other source has been closed. */
  constructor(source: FrameSource, byNs: number, onClose: () => void) {
    this.#source = source;
    this.#byNs = byNs;
    this.#onClose = onClose;
  }

  /** {@inheritDoc FrameSource.slotCount} */
  get slotCount(): number {
    return this.#source.slotCount ?? Infinity;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    try {
      for await (const frame of this.#source) {
        frame.retain();
        const { frameId, width, height, data, strideBytes } = frame;
        const shifted = Frame.fromRgb({
          frameId,
          width,
          height,
          data,
          strideBytes,
          tSrcNs: frame.tSrcNs + this.#byNs,
          onRelease: () => frame.release(),
        });
        try {
          yield shifted;
        } finally {
          shifted.release();
        }
      }
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#source.close().then(this.#onClose));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
