import type { ClipFacts, ClipJob } from '../clip/clip-job.ts';
import { setShownLength } from '../clip/edit-list.ts';
import { VisualError } from '../errors/visual-error.ts';
import type { Rational } from '../probe/media-info.ts';
import { nsToTicks } from '../time/ns.ts';
import { Muxer } from './muxer.ts';

/** What the MP4 muxer doubles the unit of a track to, at least. */
const LEAST_TRACK_SCALE = 10_000;

/**
 * Creates the file of a clip.
 *
 * @param timebase - Of the pictures. MP4 states the lengths of tracks in the same unit, so that the
 * edit list is exact.
 * @throws VisualError `VB_WRITE_FAILED`.
 */
export function openClipFile(
  { targetPath, container }: Pick<ClipJob, 'targetPath' | 'container'>,
  timebase: Rational,
): Muxer {
  if (container === 'mkv') return Muxer.open({ path: targetPath, format: 'matroska' });
  return Muxer.open({
    path: targetPath,
    format: 'mp4',
    options: {
      movflags: '+faststart',
      // What begins before the first picture is hidden by the edit list, not moved.
      avoid_negative_ts: 'disabled',
      movie_timescale: String(trackScale(timebase.den)),
    },
  });
}

function trackScale(den: number): number {
  let scale = den;
  while (scale < LEAST_TRACK_SCALE) scale *= 2;
  return scale;
}

/**
 * Makes a finished clip end with its last picture, also where more is stored behind.
 *
 * @param timebase - As for {@link openClipFile}.
 * @throws VisualError `VB_WRITE_FAILED`.
 */
export async function setClipLength(
  { targetPath, container }: Pick<ClipJob, 'targetPath' | 'container'>,
  { startNs, endNs }: Pick<ClipFacts, 'startNs' | 'endNs'>,
  { num, den }: Rational,
): Promise<void> {
  if (container !== 'mp4') return;
  const ticks = nsToTicks(endNs - startNs, num, den);
  try {
    await setShownLength(targetPath, { num: ticks * BigInt(num), den: BigInt(den) });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VisualError(
      'VB_WRITE_FAILED',
      `The index of ${targetPath} could not be written: ${reason}. Check the folder, its permissions and the free space.`,
      { cause, details: { path: targetPath, reason } },
    );
  }
}
