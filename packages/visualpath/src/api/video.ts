import type { Frames } from '../backends/execution-backend.ts';

/**
 * What can be run over: what `openSource` of visualbase understands (the path of a file, `rtsp://...`,
 * `camera:0`), anything that yields frames, or several of these by name of
 * the source node.
 */
export type Video = string | Frames | Readonly<Record<string, string | Frames>>;
