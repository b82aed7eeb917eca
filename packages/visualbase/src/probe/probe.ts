import { withBinding } from '../av/binding.ts';
import { resolveIsolation, type IsolationLimits } from '../isolate/isolation-limits.ts';
import { probeInProcess } from '../isolate/open-in-process.ts';
import type { MediaInfo } from './media-info.ts';

/** Options of {@link probe}. */
export interface ProbeOptions {
  /** Reads the file in a child process, within limits, for files that nobody vouches for. Default false. */
  readonly isolate?: boolean | IsolationLimits;
  /** Ends the wait for the file. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads what a media file says about itself, without decoding it: container, length, and its best
 * video and audio stream.
 *
 * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_FILE_UNREADABLE`, `VB_FILE_EMPTY`, `VB_NOT_MEDIA`,
 * `VB_NO_VIDEO` or `VB_FFMPEG_MISSING`; with `isolate` also `VB_DECODER_CRASHED`, `VB_DECODER_HUNG` or
 * `VB_DECODER_TOO_BIG`; the signal's reason.
 */
export async function probe(path: string, options: ProbeOptions = {}): Promise<MediaInfo> {
  const { signal } = options;
  const limits = resolveIsolation(options.isolate);
  signal?.throwIfAborted();
  if (limits !== undefined) return probeInProcess(path, limits, signal);
  const { closeInput, openInput } = await withBinding(() => import('../av/open-input.ts'));
  const input = await openInput(path);
  closeInput(input);
  signal?.throwIfAborted();
  return input.info;
}
