import { withBinding } from '../av/binding.ts';
import type { MediaInfo } from './media-info.ts';

/**
 * Reads what a media file says about itself, without decoding it: container, length, and its best
 * video and audio stream.
 *
 * @throws VisualError `VB_FILE_NOT_FOUND`, `VB_FILE_UNREADABLE`, `VB_FILE_EMPTY`, `VB_NOT_MEDIA`,
 * `VB_NO_VIDEO` or `VB_FFMPEG_MISSING`.
 */
export async function probe(path: string): Promise<MediaInfo> {
  const { closeInput, openInput } = await withBinding(() => import('../av/open-input.ts'));
  const input = await openInput(path);
  closeInput(input);
  return input.info;
}
