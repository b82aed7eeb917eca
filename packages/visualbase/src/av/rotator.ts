import { Filter, FilterGraph, Frame, type FilterContext } from 'node-av/lib';
import { VisualError } from '../errors/visual-error.ts';
import type { VideoInfo } from '../probe/media-info.ts';
import { check } from './check.ts';

// A quarter turn is a transpose; half a turn is both flips.
const FILTERS: Readonly<Record<VideoInfo['rotationDeg'], readonly (readonly [string, string])[]>> =
  {
    0: [],
    90: [['transpose', 'dir=clock']],
    180: [
      ['hflip', ''],
      ['vflip', ''],
    ],
    270: [['transpose', 'dir=cclock']],
  };

/** Turns pictures upright by the stream's display matrix, which decoders leave to the player. */
export class Rotator {
  readonly #rotationDeg: VideoInfo['rotationDeg'];
  readonly #out = new Frame();
  #key = '';
  #graph: FilterGraph | undefined;
  #source: FilterContext | undefined;
  #sink: FilterContext | undefined;

  constructor(rotationDeg: VideoInfo['rotationDeg']) {
    this.#rotationDeg = rotationDeg;
    this.#out.alloc();
  }

  /** The turned picture, valid until the next call; `frame` itself where nothing is to be turned. */
  turn(frame: Frame): Frame {
    if (this.#rotationDeg === 0) return frame;
    this.#prepare(frame);
    this.#out.unref();
    check(this.#source!.buffersrcAddFrameSync(frame), 'rotation');
    check(this.#sink!.buffersinkGetFrameSync(this.#out), 'rotation');
    return this.#out;
  }

  /** Frees the native graph. */
  free(): void {
    this.#graph?.free();
    this.#graph = undefined;
    this.#out.free();
  }

  #prepare(frame: Frame): void {
    const key = `${frame.width}x${frame.height}:${frame.format}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#graph?.free();
    const graph = new FilterGraph();
    graph.alloc();
    this.#graph = graph;
    const args = `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=1/1000000:pixel_aspect=1/1`;
    this.#source = createFilter(graph, 'buffer', args);
    this.#sink = createFilter(graph, 'buffersink', null);
    let last = this.#source;
    for (const [name, options] of FILTERS[this.#rotationDeg]) {
      const filter = createFilter(graph, name, options === '' ? null : options);
      last.link(0, filter, 0);
      last = filter;
    }
    last.link(0, this.#sink, 0);
    check(graph.configSync(), 'avfilter_graph_config');
  }
}

function createFilter(graph: FilterGraph, name: string, args: string | null): FilterContext {
  const filter = Filter.getByName(name);
  const context = filter && graph.createFilter(filter, name, args);
  if (!context) {
    throw new VisualError(
      'VB_FFMPEG',
      `FFmpeg's filter "${name}" could not be created (${args ?? ''}).`,
      {
        details: { name, args },
      },
    );
  }
  return context;
}
