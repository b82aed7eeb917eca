import { LiveSource } from './live-source.ts';
import type { LiveSourceOptions } from './live-source-options.ts';

/**
 * Frames that FFmpeg makes itself, from a filter graph without an input: test pictures, noise, fractals.
 * They come as fast as they are read; put `realtime` into the graph to have them come by the clock.
 *
 * **Gotchas**: a graph can read files (`movie=...`): take it from nobody whom you would not let do that.
 *
 * @example
 * ```ts
 * await using source = await VirtualSource.open('testsrc2=size=640x360:rate=30:duration=5');
 * for await (const frame of source) console.log(frame.tSrcNs);
 * ```
 */
export class VirtualSource extends LiveSource {
  /**
   * Opens a filter graph.
   *
   * @throws VisualError `VB_SOURCE_UNREACHABLE` for a graph that FFmpeg does not understand.
   */
  static async open(graph: string, options: LiveSourceOptions = {}): Promise<VirtualSource> {
    const input = { url: graph, format: 'lavfi', options: {}, label: `lavfi:${graph}` };
    const kind = { overflow: 'wait', isEndless: false } as const;
    return new VirtualSource(input, kind, options).connect();
  }
}
