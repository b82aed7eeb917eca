import { Frame } from 'visualbase';

/** Options of {@link RingFrames}. */
export interface RingFramesOptions {
  /** Media time of each frame in nanoseconds. */
  readonly timesNs: readonly number[];
  /** Pictures that the ring holds. Default 4. */
  readonly slotCount?: number;
}

/** Written over a slot that is given back, so that who still looks at it sees nonsense. */
const GONE = 0xee;
const WIDTH = 4;
const HEIGHT = 2;

/**
 * Frames in a ring of a few slots, as decoders give them: each slot is used again as soon as its frame
 * is given back, and the source throws where a real one would wait for ever because all are held. Every
 * byte of frame `i` is `i % 200`.
 */
export class RingFrames implements AsyncIterable<Frame> {
  readonly slotCount: number;
  readonly #timesNs: readonly number[];
  readonly #free: Uint8Array[];

  constructor(options: RingFramesOptions) {
    this.#timesNs = options.timesNs;
    this.slotCount = options.slotCount ?? 4;
    this.#free = Array.from({ length: this.slotCount }, () => new Uint8Array(WIDTH * HEIGHT * 3));
  }

  /** Slots that nobody holds. */
  get freeCount(): number {
    return this.#free.length;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    for (const frame of this.#frames()) yield frame;
  }

  /** The same without promises. */
  synchronous(): Iterable<Frame> & { readonly slotCount: number } {
    return {
      slotCount: this.slotCount,
      [Symbol.iterator]: () => this.#frames(),
    };
  }

  *#frames(): Generator<Frame, void, undefined> {
    for (const [frameId, tSrcNs] of this.#timesNs.entries()) {
      const data = this.#free.pop();
      if (data === undefined) throw new Error(`All ${this.slotCount} slots of the ring are held.`);
      data.fill(frameId % 200);
      const frame = Frame.fromRgb({
        ...{ frameId, tSrcNs, width: WIDTH, height: HEIGHT, data },
        onRelease: () => {
          data.fill(GONE);
          this.#free.push(data);
        },
      });
      try {
        yield frame;
      } finally {
        frame.release();
      }
    }
  }
}
