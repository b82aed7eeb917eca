import { Frame } from 'node-av/lib';
import type { VideoInfo } from '../probe/media-info.ts';
import { check } from './check.ts';
import { buildFilterChain, type FilterChain, type FilterStep } from './filter-chain.ts';

// A quarter turn is a transpose; half a turn is both flips.
const FILTERS: Readonly<Record<VideoInfo['rotationDeg'], readonly FilterStep[]>> = {
  0: [],
  90: [['transpose', 'dir=clock']],
  180: [['hflip'], ['vflip']],
  270: [['transpose', 'dir=cclock']],
};

/** Turns pictures upright by the stream's display matrix, which decoders leave to the player. */
export class Rotator {
  readonly #rotationDeg: VideoInfo['rotationDeg'];
  readonly #out = new Frame();
  #key = '';
  #chain: FilterChain | undefined;

  constructor(rotationDeg: VideoInfo['rotationDeg']) {
    this.#rotationDeg = rotationDeg;
    this.#out.alloc();
  }

  /** The turned picture, valid until the next call; `frame` itself where nothing is to be turned. */
  turn(frame: Frame): Frame {
    if (this.#rotationDeg === 0) return frame;
    const { source, sink } = this.#prepare(frame);
    this.#out.unref();
    check(source.buffersrcAddFrameSync(frame), 'rotation');
    check(sink.buffersinkGetFrameSync(this.#out), 'rotation');
    return this.#out;
  }

  /** Frees the native graph. */
  free(): void {
    this.#chain?.graph.free();
    this.#chain = undefined;
    this.#out.free();
  }

  #prepare(frame: Frame): FilterChain {
    const { width, height, format } = frame;
    const key = `${width}x${height}:${format}`;
    if (this.#chain !== undefined && key === this.#key) return this.#chain;
    this.#chain?.graph.free();
    this.#chain = undefined;
    this.#chain = buildFilterChain([
      [
        'buffer',
        `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/1000000:pixel_aspect=1/1`,
      ],
      ...FILTERS[this.#rotationDeg],
      ['buffersink'],
    ]);
    this.#key = key;
    return this.#chain;
  }
}
